import SentiRNN
import SentiTensor

/// The four shapes of a recurrent net, each on a toy problem.
struct ShapesExperiment {
  /// A shape.
  enum Shape: String, CaseIterable {
    case sequenceToVector = "sequence to vector"
    case vectorToSequence = "vector to sequence"
    case encoderDecoder = "encoder and decoder"
    case sequenceToSequence = "sequence to sequence"

    /// What is to be answered.
    var task: String {
      switch self {
      case .sequenceToVector: "which of two symbols came more often"
      case .vectorToSequence: "count down from a number to zero, then end"
      case .encoderDecoder: "write three symbols in reverse once all are read"
      case .sequenceToSequence: "the greatest number so far, at every step"
      }
    }
  }

  static let kindCount = 5
  /// The share of right answers on sequences that were not trained on, by shape.
  let accuracies: [Shape: Double]

  init(_ settings: LabSettings) {
    var accuracies: [Shape: Double] = [:]
    for shape in Shape.allCases { accuracies[shape] = Self.accuracy(shape, settings) }
    self.accuracies = accuracies
  }

  private static func accuracy(_ shape: Shape, _ settings: LabSettings) -> Double {
    var generator = SeededGenerator(seed: settings.seed)
    var net = LabNet(
      SequenceModel(
        StackConfiguration(.gru, inputSize: kindCount + 1, hiddenSize: 32),
        outputSize: kindCount + 1, output: shape == .sequenceToVector ? .lastStep : .everyStep,
        seed: settings.seed))
    for _ in 0..<settings.steps(400) {
      net.learn(batch(shape, of: 32, using: &generator))
    }
    return batch(shape, of: 200, using: &generator).accuracy(of: net.model)
  }

  private static func batch(
    _ shape: Shape, of count: Int, using generator: inout SeededGenerator
  ) -> LabBatch {
    let examples = (0..<count).map { _ in example(shape, using: &generator) }
    return LabBatch(
      inputs: examples.map { Matrix(oneHot: $0.inputs, width: kindCount + 1) },
      targets: .classes(examples.map(\.classes)))
  }

  /// What is read at each step, nil for nothing, and what is to be answered.
  private static func example(
    _ shape: Shape, using generator: inout SeededGenerator
  ) -> (inputs: [Int?], classes: [Int?]) {
    switch shape {
    case .sequenceToVector:
      let symbols = (0..<5 + 2 * generator.number(below: 5)).map { _ in generator.number(below: 2) }
      return (symbols, [2 * symbols.reduce(0, +) > symbols.count ? 1 : 0])
    case .vectorToSequence:
      let number = generator.number(below: kindCount)
      let written = Array((0...number).reversed()) + [kindCount]
      return ([number] + [Int?](repeating: nil, count: number + 1), written)
    case .encoderDecoder:
      let symbols = (0..<3).map { _ in generator.number(below: kindCount) }
      return (
        symbols + [Int?](repeating: nil, count: 3),
        [Int?](repeating: nil, count: 3) + symbols.reversed()
      )
    case .sequenceToSequence:
      let numbers = (0..<4 + generator.number(below: 8)).map { _ in
        generator.number(below: kindCount)
      }
      var greatest = 0
      return (
        numbers,
        numbers.map {
          greatest = max(greatest, $0)
          return greatest
        }
      )
    }
  }

  var report: LabReport {
    let rows = Shape.allCases.map { shape in
      [
        LabValue.text(shape.rawValue), .text(shape.task),
        .number(100 * (accuracies[shape] ?? 0), digits: 1),
      ]
    }
    return LabReport(tables: [
      LabTable(
        "One net of 32 gated units in four shapes, on sequences that it was not trained on.",
        columns: ["shape", "task", "right, %"], rows: rows)
    ])
  }
}
