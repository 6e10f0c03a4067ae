/// Where the bytes of a rewritten text came from.
///
/// An alignment is a sorted list of edits; between them the bytes are the original's, only moved.
/// A range of the rewritten text maps back to the smallest range of the original that holds all of
/// its sources: half of a ligature maps to the whole ligature, and deleted characters belong to what
/// stands before them.
public struct Alignment: Hashable, Sendable {
  /// One place where the rewritten text differs from the original.
  struct Edit: Hashable, Sendable {
    /// The replaced bytes in the original.
    var original: Range<Int>
    /// The bytes that stand for them in the rewritten text.
    var rewritten: Range<Int>
  }

  /// The edits, in order; no two overlap.
  private(set) var edits: [Edit] = []

  /// The alignment of a text that was not rewritten.
  public init() {}

  /// Whether every byte is the original's.
  public var isIdentity: Bool { edits.isEmpty }

  /// The range of the original that a range of the rewritten text came from.
  ///
  /// - Complexity: O(log edits).
  public func originalRange(of range: Range<Int>) -> Range<Int> {
    guard !edits.isEmpty else { return range }
    let lower = originalLowerBound(range.lowerBound)
    return lower..<max(lower, originalUpperBound(range.upperBound))
  }

  /// Adds an edit behind all others.
  mutating func append(_ edit: Edit) {
    edits.append(edit)
  }

  /// Forgets all edits but keeps their memory.
  mutating func removeAll() {
    edits.removeAll(keepingCapacity: true)
  }

  /// How many bytes the edits occupy.
  var memorySize: Int { edits.capacity * MemoryLayout<Edit>.stride }

  /// Takes an alignment without edits out of this one, with its memory where it has none either.
  mutating func takeIdentity() -> Alignment {
    var identity = Alignment()
    if isIdentity { swap(&identity, &self) }
    return identity
  }

  private func originalLowerBound(_ position: Int) -> Int {
    let index = edits.partitioningIndex { $0.rewritten.lowerBound > position }
    guard index > 0 else { return position }
    let edit = edits[index - 1]
    guard position >= edit.rewritten.upperBound else { return edit.original.lowerBound }
    return edit.original.upperBound + position - edit.rewritten.upperBound
  }

  private func originalUpperBound(_ position: Int) -> Int {
    let index = edits.partitioningIndex {
      $0.rewritten.lowerBound >= position && $0.rewritten.upperBound > position
    }
    guard index > 0 else { return position }
    let edit = edits[index - 1]
    return edit.original.upperBound + max(0, position - edit.rewritten.upperBound)
  }
}

// MARK: Composition

extension Alignment {
  /// The alignment of a text that was rewritten by `self`, and then by `next`.
  ///
  /// Edits of both that overlap in the text between become one edit.
  ///
  /// - Complexity: O(edits of both).
  func followed(by next: Alignment) -> Alignment {
    guard !isIdentity else { return next }
    guard !next.isIdentity else { return self }
    var merged = Alignment()
    var first = Cursor(spans: edits.map { ($0.rewritten, $0.original) })
    var second = Cursor(spans: next.edits.map { ($0.original, $0.rewritten) })
    while let lower = Self.least(first.nextLower, second.nextLower) {
      let (originalStart, rewrittenStart) = (lower + first.shift, lower + second.shift)
      // What one of them deleted or inserted at the place belongs to no edit that begins there.
      if let deleted = first.passEmpty(at: lower) {
        merged.append(Edit(original: deleted, rewritten: rewrittenStart..<rewrittenStart))
        continue
      }
      if let inserted = second.passEmpty(at: lower) {
        merged.append(Edit(original: originalStart..<originalStart, rewritten: inserted))
        continue
      }
      var upper = lower
      repeat {
        upper = max(upper, first.pass(from: lower, upTo: upper))
        upper = max(upper, second.pass(from: lower, upTo: upper))
      } while first.overlaps(lower, upper) || second.overlaps(lower, upper)
      merged.append(
        Edit(
          original: originalStart..<(upper + first.shift),
          rewritten: rewrittenStart..<(upper + second.shift)))
    }
    return merged
  }

  private static func least(_ first: Int?, _ second: Int?) -> Int? {
    guard let first, let second else { return first ?? second }
    return min(first, second)
  }

  /// A walk along one side of an alignment: `here` in the text between, `there` in the other.
  private struct Cursor {
    let spans: [(here: Range<Int>, there: Range<Int>)]
    var index = 0
    /// What to add to a place here, outside of edits, to get the place there.
    var shift = 0

    var nextLower: Int? { index < spans.count ? spans[index].here.lowerBound : nil }

    /// Whether the next edit begins inside the stretch, or at a stretch's start.
    func overlaps(_ lower: Int, _ upper: Int) -> Bool {
      nextLower.map { $0 == lower || $0 < upper } ?? false
    }

    /// Passes over an edit that is empty here and stands at a place, and returns its other side.
    mutating func passEmpty(at lower: Int) -> Range<Int>? {
      guard nextLower == lower, spans[index].here.isEmpty else { return nil }
      let there = spans[index].there
      shift = there.upperBound - lower
      index += 1
      return there
    }

    /// Passes over the edits that overlap the stretch and returns where the last of them ends.
    mutating func pass(from lower: Int, upTo upper: Int) -> Int {
      var end = upper
      while overlaps(lower, end) {
        let span = spans[index]
        end = max(end, span.here.upperBound)
        shift = span.there.upperBound - span.here.upperBound
        index += 1
      }
      return end
    }
  }
}

extension [Alignment.Edit] {
  /// The first index whose edit satisfies a predicate that is false and then true.
  fileprivate func partitioningIndex(where belongs: (Alignment.Edit) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
