internal import CSentiICU

/// The kinds of words that their first characters decide, asked of ICU when a character first comes.
///
/// ICU takes some 50 ns to tell what a character is; of the words of a text few begin with a new one.
struct KindTable {
  private static let unknown = UInt8(CSentiICU_unknownKind)
  private var kinds = [UInt8](repeating: Self.unknown, count: 0x10000)

  /// Calls `body` with the table in the form that C reads.
  func withTable<Result>(_ body: (UnsafePointer<CSentiICU_Kinds>) -> Result) -> Result {
    unsafe kinds.withUnsafeBufferPointer { kinds in
      guard let start = kinds.baseAddress else { preconditionFailure("a table is not empty") }
      var table = unsafe CSentiICU_Kinds(
        ofFirst: start, word: TokenKind.word.rawValue, ideograph: TokenKind.ideograph.rawValue,
        space: TokenKind.space.rawValue)
      return unsafe body(&table)
    }
  }

  /// Finds the kinds that the table did not know among the last tokens of a batch.
  mutating func settle(_ batch: TokenBatch, last count: Int, in bytes: Span<UInt8>) {
    for index in (batch.count - count)..<batch.count {
      guard batch.rawKind(at: index) > Self.lastKind else { continue }
      let isSign = batch.rawKind(at: index) == Self.unknown
      let range = batch.range(at: index)
      let first = UTF8Decoding.step(bytes, at: range.lowerBound).scalar ?? 0xFFFD
      let known = first < 0x10000 ? TokenKind(whateverFollows: first) : nil
      if let known { kinds[Int(first)] = known.rawValue }
      let kind = known == .ideograph ? .ideograph : TokenKind(ofSign: isSign, bytes, range)
      batch.setKind(kind, at: index)
    }
  }

  private static let lastKind = UInt8(CSentiICU_unknownWordKind) - 1
}
