internal import Hummingbird
internal import Senti

/// `/v1/explain`: what each word of a text contributed to the answer.
struct ExplainRoute: Sendable {
  let limits: ServerOptions
  let models: ModelStore
  let gate: WorkGate

  /// What a client asks for.
  private struct Document: Decodable {
    let text: String
    let hasSentences: Bool

    private enum Member: String, CodingKey, CaseIterable { case text, sentences }

    init(from decoder: any Decoder) throws {
      let members = try decoder.members(Member.self)
      text = try members.decode(String.self, forKey: .text)
      hasSentences =
        try members.contains(.sentences)
        && members.decode(Bool.self, forKey: .sentences)
    }
  }

  func add(to router: Router<ServerContext>) {
    router.post("/v1/explain") { request, _ in try await respond(to: request) }
  }

  private func respond(to request: Request) async throws -> Response {
    _ = try MediaType.of(request, among: [.json])
    let body = try await BodyReader(limits).bytes(of: request, upTo: limits.bodyByteCount)
    let document = try RequestDocument.read(Document.self, json: body)
    let text = Array(document.text.utf8)
    guard text.count <= limits.explainByteCount else {
      throw BodyReader.tooLarge(limits.explainByteCount)
    }
    let classifier = models.current.classifier
    return try await gate.compute {
      let explanation = classifier.explanation(ofUTF8: text)
      guard explanation.prediction.tokenCount > 0 else {
        throw TextClassification.emptyText(text)
      }
      guard explanation.isFinite else { throw TextClassification.undefinedAnswer }
      var members = explanation.prediction.members + explanation.members(in: text)
      if document.hasSentences {
        let sentences = try classifier.sentenceEffects(ofUTF8: text)
        members.append(("sentences", .array(sentences.map(\.json))))
      }
      return Response(json: .object(members))
    }
  }
}

extension SentimentExplanation {
  /// The explanation as `senti explain --format jsonl` writes it.
  fileprivate func members(in text: [UInt8]) -> [(name: String, value: JSONText)] {
    let words = words.map { word in
      JSONText.object([
        ("start", .integer(word.byteRange.lowerBound)),
        ("end", .integer(word.byteRange.upperBound)),
        ("text", .string(String(decoding: text[word.byteRange], as: UTF8.self))),
        ("contribution", .number(word.contribution)), ("known", .boolean(word.isKnown)),
      ])
    }
    return [
      ("difference", .number(difference)), ("baseline", .number(baseline)), ("sum", .number(sum)),
      ("gap", .number(gap)), ("steps", .integer(stepCount)), ("words", .array(words)),
    ]
  }
}

extension SentenceEffect {
  fileprivate var json: JSONText {
    .object([
      ("start", .integer(byteRange.lowerBound)), ("end", .integer(byteRange.upperBound)),
      ("effect", .number(effect)), ("probability", .number(probability)),
    ])
  }
}
