/// The distinct tokens of a batch, and for each position which of them it holds.
///
/// The names are those of `unique` in NumPy and PyTorch: `values[inverse[n]]` is the token at position n.
public struct UniqueTokens: Equatable, Sendable {
  /// The distinct token ids, `[D]`: in order of first appearance, those first that several shards of
  /// the batch hold, then each shard's own.
  public private(set) var values: [Int32] = []

  /// For each position the index of its token in ``values``, behind those of a cache, `[N]`.
  public private(set) var inverse: [Int32] = []

  /// The tokens that one shard of the batch alone holds, as indices into ``values``, a range a shard.
  public private(set) var exclusive: [Range<Int>] = []

  /// Finds the distinct tokens, but for the first T of the vocabulary where these have a cache.
  ///
  /// - Parameters:
  ///   - ids: The token of each position.
  ///   - vocabularySize: The number of token ids, V.
  ///   - cachedCount: T, at most V: tokens below it are their own ``inverse``, and the distinct others'
  ///     rows begin at it.
  /// - Precondition: All tokens are in `0..<V`.
  /// - Complexity: O(N + V).
  public init(_ ids: [Int32], vocabularySize: Int, cachedCount: Int = 0) {
    Self.check(ids[...], vocabularySize)
    var places = [Int32](repeating: -1, count: vocabularySize - cachedCount)
    inverse.reserveCapacity(ids.count)
    for id in ids {
      let other = Int(id) - cachedCount
      guard other >= 0 else {
        inverse.append(id)
        continue
      }
      if places[other] < 0 {
        places[other] = Int32(cachedCount + values.count)
        values.append(id)
      }
      inverse.append(places[other])
    }
    exclusive = [0..<values.count]
  }

  private static func check(_ ids: ArraySlice<Int32>, _ vocabularySize: Int) {
    if let stray = ids.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      preconditionFailure("token \(stray) of \(vocabularySize)")
    }
  }

  /// Finds the distinct tokens of a batch that is divided.
  ///
  /// - Parameters:
  ///   - shards: The token of each position, of each shard.
  ///   - vocabularySize: The number of token ids, V.
  /// - Precondition: All tokens are in `0..<V`.
  /// - Complexity: O(N + V).
  public init(shards: [ArraySlice<Int32>], vocabularySize: Int) {
    for ids in shards { Self.check(ids, vocabularySize) }
    let (unseen, common) = (Int32(-1), Int32(shards.count))
    var owners = [Int32](repeating: unseen, count: vocabularySize)
    var found: [Int32] = []
    for (shard, ids) in shards.enumerated() {
      for id in ids {
        if owners[Int(id)] == unseen {
          owners[Int(id)] = Int32(shard)
          found.append(id)
        } else if owners[Int(id)] != shard {
          owners[Int(id)] = common
        }
      }
    }
    values = found.filter { owners[Int($0)] == common }
    for shard in shards.indices {
      let start = values.count
      values += found.filter { owners[Int($0)] == shard }
      exclusive.append(start..<values.count)
    }
    // No longer owners: where each token is.
    for (place, token) in values.enumerated() { owners[Int(token)] = Int32(place) }
    inverse.reserveCapacity(shards.reduce(0) { $0 + $1.count })
    for ids in shards {
      for id in ids { inverse.append(owners[Int(id)]) }
    }
  }
}
