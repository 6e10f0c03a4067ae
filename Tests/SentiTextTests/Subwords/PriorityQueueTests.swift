import Testing

@testable import SentiText

@Suite("Priority queue")
struct PriorityQueueTests {
  @Test func elementsComeInOrder() {
    var generator = SeededGenerator(seed: 3)
    let numbers = (0..<500).map { _ in Int.random(in: 0..<100, using: &generator) }
    var queue = PriorityQueue<Int>(by: <)
    for number in numbers { queue.insert(number) }
    var sorted: [Int] = []
    while let number = queue.popFirst() { sorted.append(number) }
    #expect(sorted == numbers.sorted())
  }
}
