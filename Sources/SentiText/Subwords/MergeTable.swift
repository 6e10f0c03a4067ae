/// Which pairs of tokens are merged, into which token, and which first.
struct MergeTable: Sendable {
  /// What becomes of a pair.
  struct Merge: Sendable {
    /// The merge's place in the order of merges; lower goes first.
    let rank: UInt32
    /// The token that the pair becomes.
    let result: UInt32
  }

  private var keys: [UInt64]
  private var merges: [Merge]
  /// The pairs in the order of their ranks.
  private(set) var pairs: [(left: UInt32, right: UInt32)] = []

  /// Makes a table with room for some merges.
  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    keys = [UInt64](repeating: .max, count: size)
    merges = [Merge](repeating: Merge(rank: 0, result: 0), count: size)
  }

  /// Adds the next merge; false when the pair has one already.
  ///
  /// - Precondition: There is room for it.
  mutating func append(_ left: UInt32, _ right: UInt32, result: UInt32) -> Bool {
    precondition(2 * pairs.count < keys.count, "\(pairs.count) merges fill \(keys.count) slots")
    let place = slot(of: left, right)
    guard keys[place] == .max else { return false }
    keys[place] = Self.key(left, right)
    merges[place] = Merge(rank: UInt32(pairs.count), result: result)
    pairs.append((left, right))
    return true
  }

  /// What becomes of a pair; nil when it stays two tokens.
  func merge(_ left: UInt32, _ right: UInt32) -> Merge? {
    let place = slot(of: left, right)
    return keys[place] == .max ? nil : merges[place]
  }

  private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 {
    UInt64(left) << 32 | UInt64(right)
  }

  private func slot(of left: UInt32, _ right: UInt32) -> Int {
    let key = Self.key(left, right)
    var place = Int(truncatingIfNeeded: ByteHash.mixed(key &+ 1)) & (keys.count - 1)
    while keys[place] != key && keys[place] != .max { place = (place + 1) & (keys.count - 1) }
    return place
  }
}
