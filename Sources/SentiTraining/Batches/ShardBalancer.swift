/// Divides a batch among threads: by alike work, the longest examples together.
///
/// A time step costs something beside its sequences: that of one sequence alone takes two thirds of the
/// time of two. Where one shard has the long examples, the others end early, and all of them together
/// have few steps of few sequences; dealt out in turn, every shard would have such an end.
enum ShardBalancer {
  /// What a step costs beside its sequences, in sequences.
  ///
  /// Measured on Zen 4 with 256 units: steps of 1, 2 and 3 sequences take 46, 67 and 90 µs where one of 64
  /// takes 24 µs a sequence (`recurrent FOLDER --works training-fixed --cells gru --batch-size 1`).
  static let stepCost = 0.8

  /// Divides a batch.
  ///
  /// - Parameters:
  ///   - lengths: The number of tokens of each example.
  ///   - count: The number of shards; fewer come about where there are fewer examples.
  /// - Returns: The examples of each shard, by index; every shard has one.
  /// - Complexity: O(n log n + count · n).
  static func shards(lengths: [Int], count: Int) -> [[Int]] {
    precondition(count > 0, "\(count) shards")
    guard !lengths.isEmpty else { return [] }
    var left = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var shards: [[Int]] = []
    for shardsLeft in (1..<min(count, left.count)).reversed() {
      var room = room(left.map { lengths[$0] }, shardCount: shardsLeft + 1)
      func miss(_ example: Int) -> Double { abs(room - Double(lengths[example])) }
      let most = left.count - shardsLeft
      var taken = 0
      repeat {
        room -= Double(lengths[left[taken]])
        taken += 1
      } while taken < most && Double(lengths[left[taken]]) <= room
      var shard = Array(left[..<taken])
      left.removeFirst(taken)
      // What fits best into the rest of the room, though it may exceed it.
      let best = left.indices.min { miss(left[$0]) < miss(left[$1]) }
      if let best, taken < most, miss(left[best]) < abs(room) {
        shard.append(left.remove(at: best))
      }
      shards.append(shard)
    }
    return shards + [left]
  }

  /// The tokens that the first of some shards is to have, if all are to cost alike.
  ///
  /// How many steps the others have is taken from a division by tokens alone.
  private static func room(_ descendingLengths: [Int], shardCount: Int) -> Double {
    let total = descendingLengths.reduce(0, +)
    var (stepCounts, tokens) = ([Int](), 0)
    for length in descendingLengths {
      while stepCounts.count < shardCount && tokens * shardCount >= total * stepCounts.count {
        stepCounts.append(length)
      }
      tokens += length
    }
    let work = Double(total) + stepCost * Double(stepCounts.reduce(0, +))
    return work / Double(shardCount) - stepCost * Double(stepCounts[0])
  }
}
