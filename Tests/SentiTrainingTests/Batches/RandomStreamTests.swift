import SentiTensor
import SentiTraining
import Testing

@Suite("Random streams")
struct RandomStreamTests {
  /// Weights follow from the seed by way of these numbers.
  @Test func aStreamIsTheNumbersThatItAlwaysWas() {
    let streams: [(RandomStream, [Int])] = [
      (.batchOrder(epoch: 4), [0, 4]),
      (.dropout(epoch: 4, batch: 5, shard: 1, pass: 0), [1, 4, 5, 1]),
      (.dropout(epoch: 4, batch: 5, shard: 1, pass: 2), [1, 4, 5, 2, 1]),
      (.weightDropout(epoch: 4, batch: 5), [2, 4, 5]),
      (.sharedDropout(epoch: 4, batch: 5), [3, 4, 5]),
      (.subwordDropout(epoch: 4), [3, 4]),
    ]
    for (stream, key) in streams {
      var (named, numbered) = (
        SeededGenerator(seed: 9, stream: stream), SeededGenerator(seed: 9, key: key)
      )
      #expect(named.next() == numbered.next())
    }
  }
}
