import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Sentiment net: gradients of inputs")
struct InputGradientNetworkTests {
  /// A net in double precision, a text, and a weighted sum of the logits of a batch.
  struct Problem {
    let network: SentimentNetwork
    let parameters: Parameters<Double>
    let net: InputGradientNetwork<Double>
    let tokenCount: Int
    let weights: Matrix<Double>
    /// The inputs, `[tokens, batch · E]`: a row for each place.
    var inputs: [[Double]]

    init(_ configuration: SentimentConfiguration, batchSize: Int, tokenCount: Int) {
      network = SentimentNetwork(configuration)
      var generator = SeededGenerator(seed: 3)
      let parameters: Parameters<Double> = generator.parameters(network.layout, deviation: 0.5)
      self.parameters = parameters
      net = InputGradientNetwork(
        network, wordVectors: .parameters(network.embedding, parameters)
      ) { layout in
        Parameters(layout: layout) { slot in
          parameters.layout.slot(named: slot.name).map { parameters[$0] } ?? []
        }
      }
      self.tokenCount = tokenCount
      weights = generator.matrix(batchSize, configuration.classCount)
      inputs = (0..<tokenCount).map { _ in
        let row: Matrix<Double> = generator.matrix(1, batchSize * configuration.embeddingSize)
        return row.elements
      }
    }

    var batchSize: Int { weights.rowCount }

    /// The weighted sum, and its gradient at each place.
    func run() -> (sum: Double, gradient: [[Double]]) {
      let width = network.configuration.embeddingSize
      var pass = InputGradientPass(net)
      var sum = 0.0
      var gradient = inputs.map { $0.map { _ in 0.0 } }
      pass.run(batchSize: batchSize, tokenCount: tokenCount) { positions in
        Matrix(
          rowCount: positions.count * batchSize, columnCount: width,
          elements: positions.flatMap { inputs[$0] })
      } logitsGradient: { logits in
        sum = weightedSum(weights.elements, logits.elements)
        return weights
      } inputGradient: { positions, found in
        for (index, position) in positions.enumerated() {
          for row in 0..<batchSize {
            for (column, value) in found.row(index * batchSize + row).enumerated() {
              gradient[position][row * width + column] += value
            }
          }
        }
      }
      return (sum, gradient)
    }

    /// Compares the gradient at some places with finite differences.
    func failure(at places: [Int]) -> String? {
      let width = inputs.first?.count ?? 0
      let gradient = run().gradient
      return GradientCheck.failure(
        places.flatMap { gradient[$0] }, at: places.flatMap { inputs[$0] }, named: "inputs"
      ) { values in
        var moved = self
        for (index, place) in places.enumerated() {
          moved.inputs[place] = Array(values[index * width..<(index + 1) * width])
        }
        return moved.run().sum
      }
    }
  }

  static let configurations =
    SentimentNetworkTrainingTests.configurations + [
      SentimentNetworkTests.configuration(.gru(resetPlacement: .beforeProduct)),
      SentimentNetworkTests.configuration(.gru(isNormalized: true), isBidirectional: true),
      SentimentNetworkTests.configuration(.lstm(hasPeepholes: true), layerCount: 2),
      SentimentNetworkTests.configuration(.lstm(isNormalized: true), pooling: [.last]),
    ]

  @Test(arguments: configurations)
  func gradientsMatchFiniteDifferences(_ configuration: SentimentConfiguration) {
    let problem = Problem(configuration, batchSize: 3, tokenCount: 4)
    #expect(problem.failure(at: [0, 1, 2, 3]) == nil)
  }

  /// Longer than a chunk, so that states, pooled values and gradients cross from one to the next.
  @Test(arguments: configurations.filter { $0.layerCount == 1 })
  func gradientsOfLongTextsMatchFiniteDifferences(_ configuration: SentimentConfiguration) {
    let length = SentimentNetwork.chunkLength
    let problem = Problem(configuration, batchSize: 1, tokenCount: 2 * length + 40)
    #expect(problem.failure(at: [2, length - 1, length, 2 * length + 39]) == nil)
  }

  /// What is explained is what is scored, in full precision to the bit.
  @Test(arguments: configurations)
  func logitsAreThoseOfScoring(_ configuration: SentimentConfiguration) {
    let problem = Problem(configuration, batchSize: 1, tokenCount: 0)
    let (network, parameters) = (problem.network, problem.parameters)
    var workspace = SentimentNetwork.ScoringWorkspace<Double>(network)
    for tokens in [[], [3], (0..<300).map { Int32($0 * 5 % 7) }] as [[Int32]] {
      let scored = network.logits(
        [tokens], parameters: parameters,
        weights: network.weights(parameters, isForTraining: false), workspace: &workspace)
      var pass = InputGradientPass(problem.net)
      var found: Matrix<Double>?
      pass.run(batchSize: 1, tokenCount: tokens.count) { positions in
        problem.net.wordVectors.rows(positions.map { tokens[$0] })
      } logitsGradient: { logits in
        found = logits
        return logits
      } inputGradient: { _, _ in
      }
      #expect(found == scored)
    }
  }

  /// A text has the same gradient in any batch, to the bit.
  @Test func otherTextsChangeNothing() {
    let configuration = SentimentNetworkTests.configuration(.gru, layerCount: 2)
    let both = Problem(configuration, batchSize: 2, tokenCount: 9)
    let width = configuration.embeddingSize
    var alone = Problem(configuration, batchSize: 1, tokenCount: 9)
    alone.inputs = both.inputs.map { Array($0[..<width]) }
    let gradients = (both.run().gradient, alone.run().gradient)
    // The weights of the first text are those of the only one: both draw them from one seed.
    #expect(gradients.0.map { Array($0[..<width]) } == gradients.1)
  }
}
