internal import Senti

/// Classifies the texts of requests, together with those of others.
struct TextClassification: Sendable {
  let models: ModelStore
  let queue: BatchQueue
  let clients: ClosedClients

  /// What became of a text.
  enum Outcome: Sendable {
    case prediction(SentimentPrediction)
    case problem(Problem)
  }

  /// Classifies texts.
  ///
  /// - Parameters:
  ///   - texts: The texts, in UTF-8.
  ///   - client: Who asks; what waits is dropped when it hangs up.
  /// - Returns: One outcome a text, in order.
  /// - Throws: A ``Problem`` where too much waits, and a `CancellationError`.
  func outcomes(of texts: [[UInt8]], for client: Client) async throws -> [Outcome] {
    let model = models.current
    let tokens = texts.map { model.classifier.tokenIDs(forUTF8: $0) }
    let predictions = try await queue.predictions(
      for: tokens.filter { !$0.isEmpty }, by: model
    ) { [clients] in clients.contains(client) }
    var rest = predictions[...]
    return zip(texts, tokens).map { text, tokens in
      guard !tokens.isEmpty, let prediction = rest.popFirst() else {
        return .problem(Self.emptyText(text))
      }
      return prediction.isFinite ? .prediction(prediction) : .problem(Self.undefinedAnswer)
    }
  }

  static func emptyText(_ text: [UInt8]) -> Problem {
    Problem(
      .emptyText,
      text.isEmpty ? "expected a text, found nothing" : "expected words, found only white space")
  }

  static let undefinedAnswer = Problem(
    .undefinedAnswer,
    "expected finite numbers from the model, found infinity or none; its weights are too large")
}

extension SentimentPrediction {
  /// The prediction as `senti classify --format jsonl` writes it.
  var members: [(name: String, value: JSONText)] {
    let all = zip(labels, probabilities).map { ($0, JSONText.number($1)) }
    return [
      ("label", .string(label)), ("probability", .number(probability)), ("score", .number(score)),
      ("probabilities", .object(all)), ("tokens", .integer(tokenCount)),
      ("unknown_tokens", .integer(unknownCount)),
    ]
  }
}
