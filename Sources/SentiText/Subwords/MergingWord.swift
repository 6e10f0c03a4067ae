/// A word while its tokens are merged: a linked list, and a queue of the merges that are possible.
struct MergingWord {
  private struct Candidate {
    let rank: UInt32
    let position: Int
    let left: UInt32
    let right: UInt32
    let result: UInt32
  }

  private var tokens: [UInt32]
  /// The position of the next token; the count of tokens behind the last.
  private var next: [Int]
  private var previous: [Int]

  /// Starts with a word's bytes as tokens.
  init(_ tokens: [UInt32]) {
    self.tokens = tokens
    next = Array(1..<(tokens.count + 1))
    previous = Array(-1..<(tokens.count - 1))
  }

  /// Calls `body` with the tokens in order.
  func forEachToken(_ body: (UInt32) -> Void) {
    var position = 0
    while position < tokens.count {
      body(tokens[position])
      position = next[position]
    }
  }

  /// Merges the pair of lowest rank, the leftmost first, until none is left.
  ///
  /// A merge that `isLeftOut` leaves out is tried again after the next one that is made.
  mutating func merge(by table: MergeTable, leavingOut isLeftOut: () -> Bool) {
    var queue = PriorityQueue<Candidate> {
      $0.rank != $1.rank ? $0.rank < $1.rank : $0.position < $1.position
    }
    var skipped: [Candidate] = []
    for position in tokens.indices { offer(position, table, &queue) }
    while let candidate = queue.popFirst() {
      guard isCurrent(candidate) else { continue }
      if isLeftOut() {
        skipped.append(candidate)
        continue
      }
      join(candidate)
      for candidate in skipped { queue.insert(candidate) }
      skipped.removeAll(keepingCapacity: true)
      if previous[candidate.position] >= 0 { offer(previous[candidate.position], table, &queue) }
      offer(candidate.position, table, &queue)
    }
  }

  /// Adds the merge of a token with the next one, if there is one.
  private func offer(_ position: Int, _ table: MergeTable, _ queue: inout PriorityQueue<Candidate>)
  {
    guard next[position] < tokens.count else { return }
    let (left, right) = (tokens[position], tokens[next[position]])
    guard let merge = table.merge(left, right) else { return }
    queue.insert(
      Candidate(
        rank: merge.rank, position: position, left: left, right: right, result: merge.result))
  }

  /// Whether the two tokens that a candidate was made for are still there.
  private func isCurrent(_ candidate: Candidate) -> Bool {
    let position = candidate.position
    return tokens[position] == candidate.left && next[position] < tokens.count
      && next[position] > position && tokens[next[position]] == candidate.right
  }

  private mutating func join(_ candidate: Candidate) {
    let gone = next[candidate.position]
    tokens[candidate.position] = candidate.result
    next[candidate.position] = next[gone]
    if next[gone] < tokens.count { previous[next[gone]] = candidate.position }
    // A token that is gone equals no candidate's.
    tokens[gone] = .max
    next[gone] = gone
  }
}
