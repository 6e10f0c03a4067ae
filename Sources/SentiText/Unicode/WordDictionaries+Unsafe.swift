internal import CSentiICU

/// The dictionaries of the linked ICU that are read without it.
///
/// Sendable: ICU maps them for reading, and never unmaps them.
@safe struct WordDictionaries: @unchecked Sendable {
  /// Chinese and Japanese words; nil when the linked ICU's are not of the form that is known.
  let han: UnsafePointer<UInt16>?
  /// Thai words; nil likewise.
  let thai: UnsafePointer<UInt8>?
  /// The character from which the bytes of Thai words count.
  let thaiBase: Int32

  /// No dictionaries: ICU cuts what they would.
  static let none = unsafe WordDictionaries(han: nil, thai: nil, thaiBase: 0)

  /// Those of the linked ICU.
  static let linked: WordDictionaries = {
    var base: Int32 = 0
    let han = unsafe CSentiICU_dictionary(Int32(CSentiICU_hanWords), &base)
    let thai = unsafe CSentiICU_dictionary(Int32(CSentiICU_thaiWords), &base)
    return unsafe WordDictionaries(
      han: han?.assumingMemoryBound(to: UInt16.self),
      thai: thai?.assumingMemoryBound(to: UInt8.self), thaiBase: base)
  }()

  /// Whether there is none.
  var isEmpty: Bool { unsafe han == nil && thai == nil }
}
