internal import CSentiText

/// Finds the word boundaries of common scripts without ICU.
///
/// Has an owner and cannot be copied, so that no reference is counted where it is used. Sendable: the
/// tables are written once, and the memory of first steps atomically.
@safe struct WordScanner: ~Copyable, @unchecked Sendable {
  private let rules: UnsafeMutablePointer<CSentiText_Rules>
  private let tables: UnsafeMutableBufferPointer<UInt8>
  private let firstSteps: UnsafeMutableBufferPointer<UInt32>

  /// Takes rules that an ICU was asked for.
  ///
  /// - Parameters:
  ///   - rules: The rules.
  ///   - isPlain: Whether only the loops that every machine has are used; for comparison.
  init(_ rules: WordRules, isPlain: Bool = false) {
    let size = rules.classes.count
    precondition(rules.kinds.count == size, "\(size) classes, \(rules.kinds.count) kinds")
    unsafe tables = .allocate(capacity: 2 * size)
    _ = unsafe tables.initialize(fromContentsOf: rules.classes + rules.kinds)
    guard let classes = unsafe tables.baseAddress else { preconditionFailure("no classes") }
    unsafe firstSteps = .allocate(capacity: Int(CSentiText_dictionaryUnitCount))
    unsafe firstSteps.initialize(repeating: 0)
    let dictionary = unsafe CSentiText_Dictionary(
      han: rules.dictionaries.han, thai: rules.dictionaries.thai,
      thaiBase: rules.dictionaries.thaiBase, firstSteps: firstSteps.baseAddress)
    unsafe self.rules = .allocate(capacity: 1)
    unsafe self.rules.initialize(
      to: CSentiText_Rules(
        classes: classes, kinds: classes + size, dictionary: dictionary,
        wordKind: TokenKind.word.rawValue, numberKind: TokenKind.number.rawValue,
        ideographKind: TokenKind.ideograph.rawValue, isPlain: isPlain))
  }

  deinit {
    unsafe rules.deallocate()
    unsafe tables.deallocate()
    unsafe firstSteps.deallocate()
  }

  /// How many tokens a batch needs room for.
  static let windowRoom = Int(CSentiText_windowRoom)

  /// Adds the tokens from a known boundary on, where an empty batch starts.
  ///
  /// - Returns: Where the tokens end, and where the stretch behind them ends that only ICU can cut;
  ///   both are equal when there is none.
  func scan(_ bytes: Span<UInt8>, into batch: TokenBatch) -> (end: Int, foreignEnd: Int) {
    let start = batch.start
    precondition(start <= bytes.count && batch.count == 0, "start \(start) of \(bytes.count) bytes")
    return unsafe bytes.withUnsafeBufferPointer { text in
      guard let address = text.baseAddress else { return (start, start) }
      var window = CSentiText_Window()
      unsafe batch.append(addingCapacity: Self.windowRoom) { ends, kinds in
        window = unsafe CSentiText_scan(
          rules, address, Int64(start), Int64(text.count), ends, kinds)
        return Int(window.tokenCount)
      }
      return (Int(window.end), Int(window.foreignEnd))
    }
  }
}
