internal import Hummingbird
internal import Senti

/// `/v1/tokenize`: the tokens of a text with their places.
struct TokenizeRoute: Sendable {
  let limits: ServerOptions
  let models: ModelStore
  let gate: WorkGate

  /// What a text is cut into: what the model reads, or units by Unicode's rules.
  private enum Unit: String, CaseIterable { case model, word, sentence, grapheme, line }

  /// What a client asks for.
  private struct Document: Decodable {
    let text: String
    let unit: Unit

    private enum Member: String, CodingKey, CaseIterable { case text, unit }

    init(from decoder: any Decoder) throws {
      let members = try decoder.members(Member.self)
      text = try members.decode(String.self, forKey: .text)
      let name = try members.contains(.unit) ? members.decode(String.self, forKey: .unit) : "model"
      guard let unit = Unit(rawValue: name) else {
        let names = Unit.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(
          .invalidRequest, "expected a unit among \(names), found \"\(name.prefix(64))\"")
      }
      self.unit = unit
    }
  }

  func add(to router: Router<ServerContext>) {
    router.post("/v1/tokenize") { request, _ in try await respond(to: request) }
  }

  private func respond(to request: Request) async throws -> Response {
    _ = try MediaType.of(request, among: [.json])
    let body = try await BodyReader(limits).bytes(of: request, upTo: limits.bodyByteCount)
    let document = try RequestDocument.read(Document.self, json: body)
    guard document.text.utf8.count <= limits.tokenizeByteCount else {
      throw BodyReader.tooLarge(limits.tokenizeByteCount)
    }
    let pipeline = models.current.classifier.pipeline
    return try await gate.compute {
      let tokens = try Self.tokens(of: document, pipeline)
      return Response(json: .object([("tokens", .array(tokens))]))
    }
  }

  private static func tokens(of document: Document, _ pipeline: TextPipeline) throws -> [JSONText] {
    let text = document.text
    let bytes = Array(text.utf8)
    switch document.unit {
    case .model:
      return pipeline.tokens(in: text).map { encoded in
        json(
          encoded.token.byteRange, "\(encoded.token.kind)", encoded.text,
          id: Int(encoded.id.rawValue))
      }
    case .word:
      return try WordTokenizer().tokens(in: text).filter { $0.kind != .space }.map { token in
        json(
          token.byteRange, "\(token.kind)",
          String(decoding: bytes[token.byteRange], as: UTF8.self))
      }
    case .sentence, .grapheme, .line:
      let unit = TextUnit(rawValue: document.unit.rawValue) ?? .sentence
      return try TextSegmenter(unit).ranges(in: text).compactMap { range in
        let piece = String(decoding: bytes[range], as: UTF8.self)
        return piece.allSatisfy(\.isWhitespace) ? nil : json(range, unit.rawValue, piece)
      }
    }
  }

  private static func json(
    _ range: Range<Int>, _ kind: String, _ text: String, id: Int? = nil
  ) -> JSONText {
    .object(
      [
        ("start", .integer(range.lowerBound)), ("end", .integer(range.upperBound)),
        ("kind", .string(kind)),
      ] + (id.map { [("id", .integer($0))] } ?? []) + [("text", .string(text))])
  }
}
