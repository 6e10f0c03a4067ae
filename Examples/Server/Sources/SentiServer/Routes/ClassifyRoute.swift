internal import Hummingbird

/// `/v1/classify`: one text, many, or rows.
struct ClassifyRoute: Sendable {
  let limits: ServerOptions
  let classification: TextClassification
  let rows: RowsRoute

  /// What a client asks for in JSON.
  private struct Document: Decodable {
    let text: String?
    let texts: [String]?

    private enum Member: String, CodingKey, CaseIterable { case text, texts }

    init(from decoder: any Decoder) throws {
      let members = try decoder.members(Member.self)
      text = try members.contains(.text) ? members.decode(String.self, forKey: .text) : nil
      texts = try members.contains(.texts) ? members.decode([String].self, forKey: .texts) : nil
      guard (text == nil) != (texts == nil) else {
        let found = text == nil ? "neither" : "both"
        throw Problem(.invalidRequest, "expected either \"text\" or \"texts\", found \(found)")
      }
    }
  }

  func add(to router: Router<ServerContext>) {
    router.post("/v1/classify") { request, context in
      try await respond(to: request, context)
    }
  }

  private func respond(to request: Request, _ context: ServerContext) async throws -> Response {
    let type = try MediaType.of(request, among: MediaType.allCases)
    let parameters = try RowsRoute.Parameters(request.uri)
    if let format = type.rowFormat {
      return try await rows.respond(to: request, format: format, type, parameters)
    }
    let bytes = try await BodyReader(limits).bytes(of: request, upTo: limits.bodyByteCount)
    guard type == .json else { return try await classify(plain: bytes, context) }
    let document = try RequestDocument.read(Document.self, json: bytes)
    guard let texts = document.texts else {
      return try await classify(Array((document.text ?? "").utf8), context)
    }
    guard texts.count <= limits.textCount else {
      throw Problem(
        .tooManyTexts, "expected at most \(limits.textCount) texts, found \(texts.count)")
    }
    let outcomes = try await classification.outcomes(
      of: texts.map { Array($0.utf8) }, for: context.client)
    return Response(json: .object([("predictions", .array(outcomes.map(\.json)))]))
  }

  private func classify(
    plain bytes: [UInt8], _ context: ServerContext
  ) async throws -> Response {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Problem(.notUTF8, "expected a text in UTF-8, found bytes that are not")
    }
    return try await classify(bytes, context)
  }

  private func classify(_ text: [UInt8], _ context: ServerContext) async throws -> Response {
    let outcomes = try await classification.outcomes(of: [text], for: context.client)
    if case .problem(let problem) = outcomes[0] { throw problem }
    return Response(json: outcomes[0].json)
  }
}

extension TextClassification.Outcome {
  /// What is said of a text among others.
  fileprivate var json: JSONText {
    switch self {
    case .prediction(let prediction): .object(prediction.members)
    case .problem(let problem): .object([("error", .string(problem.detail))])
    }
  }
}
