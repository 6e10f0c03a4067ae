import Foundation
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Chrono initialization")
struct ChronoInitializationTests {
  /// The biases of a cell; those of a large one are not initialized before, which takes long.
  static func biases(_ kind: CellConfiguration, hiddenSize: Int = 7, maxTimescale: Int)
    -> (input: [Double], recurrent: [Double])
  {
    var layout = ParameterLayout()
    let stack = RecurrentStack(
      StackConfiguration(kind, inputSize: 2, hiddenSize: hiddenSize), prefix: "", layout: &layout)
    var parameters = Parameters<Double>(layout: layout)
    var generator = SeededGenerator(seed: 1)
    if hiddenSize < 10 { stack.initialize(&parameters, using: &generator) }
    stack.initializeChronoBiases(
      &parameters, maxTimescale: maxTimescale, using: &generator)
    let slots = stack.layers[0][0].cell.parameters
    return (parameters[slots.inputBias], parameters[slots.recurrentBias])
  }

  /// u = exp(bias) is even over 1...T - 1.
  @Test(arguments: [CellConfiguration.gru, .lstm])
  func theKeepingGatesMemoriesAreEvenlySpread(_ kind: CellConfiguration) {
    let (input, _) = Self.biases(kind, hiddenSize: 400, maxTimescale: 1000)
    let times = input[400..<800].map { exp($0) }.sorted()
    #expect(times[0] >= 1 && times[399] <= 999)
    for quartile in 1...3 {
      #expect(abs(times[quartile * 100] - 1000 * Double(quartile) / 4) < 80)
    }
  }

  /// Also where the usual initialization has made them others.
  @Test(arguments: [CellConfiguration.gru, .lstm])
  func allOtherBiasesAreZero(_ kind: CellConfiguration) {
    let (input, recurrent) = Self.biases(kind, maxTimescale: 1000)
    #expect(input[7..<14].allSatisfy { $0 >= 0 } && input[7..<14].contains { $0 > 1 })
    #expect(recurrent.allSatisfy { $0 == 0 })
    #expect(input[14...].allSatisfy { $0 == 0 })
  }

  @Test func theInputGateOfAnLSTMIsTheMirrorOfItsForgetGate() {
    let (input, _) = Self.biases(.lstm, maxTimescale: 50)
    #expect(zip(input[..<7], input[7..<14]).allSatisfy { $0 == -$1 })
    let (gru, _) = Self.biases(.gru, maxTimescale: 50)
    #expect(gru[..<7].allSatisfy { $0 == 0 })
  }

  @Test func stopsAtACellWithoutGates() async {
    await #expect(processExitsWith: .failure) {
      _ = ChronoInitializationTests.biases(.rnn, maxTimescale: 10)
    }
  }

  @Test func stopsAtAMemoryOfTwoSteps() async {
    await #expect(processExitsWith: .failure) {
      _ = ChronoInitializationTests.biases(.gru, maxTimescale: 2)
    }
  }
}
