import SentiRNN
import SentiTensor

/// A decoder that goes on behind its end token.
struct EndTokenExperiment {
  /// A token that the net wrote.
  struct Token {
    let name: String
    let probability: Double
    let isKept: Bool
  }

  static let names = ["a", "b", "c", "d", "<eos>"]
  private static var end: Int { names.count - 1 }

  /// What the net writes, greedily, the end token among it.
  let tokens: [Token]

  init(_ settings: LabSettings) {
    var net = LabNet(
      SequenceModel(
        StackConfiguration(.gru, inputSize: Self.names.count, hiddenSize: 16),
        outputSize: Self.names.count, seed: settings.seed))
    // The start is an input without a token; the end is learned, and nothing behind it.
    let batch = LabBatch(
      inputs: [Matrix(oneHot: [nil, 0, 1, 2, 3], width: Self.names.count)],
      targets: .classes([[0, 1, 2, 3, Self.end]]))
    for _ in 0..<settings.steps(200) { net.learn(batch) }
    var (read, tokens, hasEnded) = ([Int?](arrayLiteral: nil), [Token](), false)
    for _ in 0..<10 {
      let outputs = net.model.outputs(of: [Matrix(oneHot: read, width: Self.names.count)])[0]
      let token = outputs.likeliestClass(outputs.rowCount - 1)
      let probability = SoftmaxCrossEntropy(logits: outputs)
        .probabilities[outputs.rowCount - 1, token]
      tokens.append(
        Token(
          name: Self.names[token], probability: Double(probability),
          isKept: !hasEnded && token != Self.end))
      hasEnded = hasEnded || token == Self.end
      read.append(token)
    }
    self.tokens = tokens
  }

  var report: LabReport {
    let end = tokens.firstIndex { $0.name == "<eos>" } ?? tokens.count
    let rows = tokens.enumerated().map { step, token -> [LabValue] in
      let fate = token.isKept ? "kept" : step == end ? "the end" : "ignored"
      return [
        .number(Double(step), digits: 0), .text(token.name),
        .number(token.probability, digits: 3), .text(fate),
      ]
    }
    let caption =
      "A net that has learned to write a b c d <eos>. No training text goes on behind the end, so what "
      + "follows means nothing, however sure the net is of it."
    return LabReport(tables: [
      LabTable(
        caption, columns: ["step", "token", "probability", "what becomes of it"], rows: rows)
    ])
  }
}
