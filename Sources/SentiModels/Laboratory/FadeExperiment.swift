import SentiRNN
import SentiTensor

/// What a net still knows of a text's first words at its end.
///
/// Texts are words of three kinds: praise, complaint and neither. A net learns how many words of praise there
/// are more than complaints; then a text that begins with praise goes on with complaints, and its first
/// words are taken out of it: what changes in the answer is what was kept of them.
struct FadeExperiment {
  /// The kinds of words.
  enum Word: Int, CaseIterable { case praise, complaint, neutral }

  /// The complaints that follow the praise.
  static let lengths = [0, 4, 8, 16, 32]
  private static let opening = 4
  /// What a word of praise adds to the answer.
  private static let step: Float = 0.1

  /// For each cell and length, the share of the first words' part of the answer that is left.
  let shares: [(name: String, values: [Double])]

  init(_ settings: LabSettings) {
    shares = CellConfiguration.compared.map { name, cell in
      let model = Self.trained(cell, settings)
      return (name, Self.lengths.map { Self.share(kept: model, behind: $0) })
    }
  }

  /// A net that tells how many words of praise there are more than complaints, in tenths.
  private static func trained(_ cell: CellConfiguration, _ settings: LabSettings) -> SequenceModel<
    Float
  > {
    var generator = SeededGenerator(seed: settings.seed)
    var net = LabNet(
      SequenceModel(
        StackConfiguration(cell, inputSize: Word.allCases.count, hiddenSize: 16), outputSize: 1,
        output: .lastStep, seed: settings.seed))
    for _ in 0..<settings.steps(400) { net.learn(batch(of: 32, using: &generator)) }
    return net.model
  }

  private static func batch(of count: Int, using generator: inout SeededGenerator) -> LabBatch {
    var (inputs, targets) = ([Matrix<Float>](), [Matrix<Float>]())
    for _ in 0..<count {
      let length = 3 + generator.number(below: 18)
      let words = (0..<length).map { _ in generator.number(below: Word.allCases.count) }
      let praise = words.count { $0 == Word.praise.rawValue }
      let complaint = words.count { $0 == Word.complaint.rawValue }
      inputs.append(Matrix(oneHot: words, width: Word.allCases.count))
      targets.append(
        Matrix(rowCount: 1, columnCount: 1, elements: [step * Float(praise - complaint)]))
    }
    return LabBatch(inputs: inputs, targets: .numbers(targets))
  }

  /// What the first words change in the answer before so many complaints, as a share of what they count.
  private static func share(kept model: SequenceModel<Float>, behind length: Int) -> Double {
    let rest = [Word](repeating: .complaint, count: length)
    let answers = [Word.praise, .neutral].map { first in
      let words = [Word](repeating: first, count: opening) + rest
      let outputs = model.outputs(of: [
        Matrix(oneHot: words.map(\.rawValue), width: Word.allCases.count)
      ])[0]
      return Double(outputs[0, 0])
    }
    return (answers[0] - answers[1]) / Double(step * Float(opening))
  }

  var report: LabReport {
    let rows = shares.map { name, values in
      [LabValue.text(name)] + values.map { .number(100 * $0, digits: 0) }
    }
    let lines = shares.map { name, values in
      (name: name, points: zip(Self.lengths, values).map { (Double($0), 100 * $1) })
    }
    let caption =
      "How much of \(Self.opening) words of praise at the start is left in the answer at the end, in %, by the "
      + "number of complaints behind them. Training texts had up to 20 words."
    let chart = Chart(
      "What is left of the first words", x: .init("complaints behind them"),
      y: .init("part that is left, in percent"), lines: lines)
    return LabReport(
      tables: [
        LabTable(
          caption, columns: ["cell"] + Self.lengths.map { "\($0) behind" }, rows: rows)
      ], charts: [chart])
  }
}
