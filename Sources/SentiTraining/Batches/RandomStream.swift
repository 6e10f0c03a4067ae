public import SentiTensor

/// What a training draws random numbers for; each purpose has a generator of its own.
///
/// All randomness follows from the seed and these names, so that a resumed training draws what an
/// uninterrupted one would have drawn.
public enum RandomStream: Hashable, Sendable {
  /// The order of an epoch's examples and batches.
  case batchOrder(epoch: Int)
  /// What is dropped in a shard of a batch, in a pass over it.
  case dropout(epoch: Int, batch: Int, shard: Int, pass: Int)
  /// Which recurrent weights are dropped for a batch.
  case weightDropout(epoch: Int, batch: Int)
  /// What is dropped of what the shards of a batch share.
  case sharedDropout(epoch: Int, batch: Int)
  /// Which merges of subwords are left out in an epoch.
  case subwordDropout(epoch: Int)

  /// The numbers that the generator's state is mixed from.
  ///
  /// They are part of what makes weights follow from a seed, and never change.
  var key: [Int] {
    switch self {
    case .batchOrder(let epoch): [0, epoch]
    case .dropout(let epoch, let batch, let shard, let pass):
      pass == 0 ? [1, epoch, batch, shard] : [1, epoch, batch, pass, shard]
    case .weightDropout(let epoch, let batch): [2, epoch, batch]
    case .sharedDropout(let epoch, let batch): [3, epoch, batch]
    case .subwordDropout(let epoch): [3, epoch]
    }
  }
}

extension SeededGenerator {
  /// A generator of its own for one purpose of a training.
  ///
  /// - Parameters:
  ///   - seed: The training's seed.
  ///   - stream: The purpose.
  public init(seed: UInt64, stream: RandomStream) { self.init(seed: seed, key: stream.key) }

  /// A generator whose state is mixed from a seed and numbers.
  package init(seed: UInt64, key: [Int]) {
    var mixed = seed
    for number in key {
      var mixer = SeededGenerator(seed: mixed ^ UInt64(bitPattern: Int64(number)))
      mixed = mixer.next()
    }
    self.init(seed: mixed)
  }
}
