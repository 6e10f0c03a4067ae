import SentiRNN
import SentiTensor
import Testing

@Suite("Gate order")
struct GateOrderTests {
  @Test(arguments: [
    (CellConfiguration.rnn, [10, 11]),
    // update, reset, candidate
    (.gru, [20, 21, 10, 11, 30, 31]),
    // input, output, forget, candidate
    (.lstm, [10, 11, 40, 41, 20, 21, 30, 31]),
  ])
  func movesBlocksOfRowsForONNX(_ kind: CellConfiguration, _ expected: [Int]) {
    let values = (1...kind.gateCount).flatMap { [10 * $0, 10 * $0 + 1] }
    #expect(GateOrder.onnx.reordered(values, of: kind) == expected)
    #expect(GateOrder.pyTorch.reordered(values, of: kind) == values)
  }

  @Test(arguments: GateOrder.allCases)
  func everyGateIsThereOnce(_ order: GateOrder) {
    for kind in [CellConfiguration.rnn(.relu), .gru, .lstm] {
      #expect(order.gates(of: kind).sorted() == Array(0..<kind.gateCount))
    }
  }

  @Test func blocksOfUnequalSizesAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      _ = GateOrder.onnx.reordered([1, 2, 3, 4], of: .gru)
    }
  }
}
