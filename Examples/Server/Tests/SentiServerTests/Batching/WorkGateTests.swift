import Testing

@testable import SentiServer

@Suite("Work gate")
struct WorkGateTests {
  @Test func soManyRunAndOthersWait() async throws {
    let gate = WorkGate("tests", running: 1, waiting: 1)
    var first: WorkGate.Turn? = try await gate.turn()
    let second = Task { try await gate.turn() }
    try await eventually { gate.waitingCount == 1 }
    await #expect(throws: Problem(.overloaded, "1 tests wait already")) { try await gate.turn() }
    #expect(first != nil)
    first = nil
    _ = try await second.value
  }

  @Test func whoIsCancelledWaitsNoMore() async throws {
    let gate = WorkGate("tests", running: 1, waiting: 1)
    let first = try await gate.turn()
    let second = Task { try await gate.turn() }
    try await eventually { gate.waitingCount == 1 }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    #expect(gate.waitingCount == 0)
    withExtendedLifetime(first) {}
  }

  @Test func aTurnEndsWithItsWork() async throws {
    let gate = WorkGate("tests", running: 1, waiting: 0)
    for number in 0..<3 { #expect(try await gate.compute { number } == number) }
    await #expect(throws: CancellationError.self) {
      try await gate.compute { throw CancellationError() }
    }
    #expect(try await gate.compute { true })
  }
}
