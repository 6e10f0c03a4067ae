public import HTTPTypes
public import Hummingbird
internal import NIOCore

/// What went wrong with a request, as a client is told it (RFC 9457).
public struct Problem: Error, Hashable, Sendable {
  /// What kind of problem it is.
  public enum Kind: String, CaseIterable, Sendable {
    case malformedRequest = "malformed-request"
    case malformedJSON = "malformed-json"
    case notUTF8 = "not-utf8"
    case unauthorized
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case requestTimeout = "request-timeout"
    case bodyTooLarge = "body-too-large"
    case tooManyTexts = "too-many-texts"
    case unsupportedMediaType = "unsupported-media-type"
    case invalidRequest = "invalid-request"
    case emptyText = "empty-text"
    case overloaded
    case headersTooLarge = "headers-too-large"
    case internalError = "internal"
    case undefinedAnswer = "undefined-answer"
    case shuttingDown = "shutting-down"
  }

  /// What kind of problem it is.
  public let kind: Kind
  /// What is wrong with this request: what was expected, and what was found.
  public let detail: String
  /// Header fields that say more, such as what is allowed.
  public let headers: HTTPFields

  /// Makes a problem.
  ///
  /// - Parameters:
  ///   - kind: What kind of problem it is.
  ///   - detail: What is wrong with this request.
  ///   - headers: Header fields that say more.
  public init(_ kind: Kind, _ detail: String, headers: HTTPFields = [:]) {
    self.kind = kind
    self.detail = detail
    self.headers = headers
  }

  /// The problem as JSON.
  var json: JSONText {
    .object([
      ("type", .string("urn:senti:problem:\(kind.rawValue)")), ("title", .string(kind.title)),
      ("status", .integer(kind.status.code)), ("detail", .string(detail)),
    ])
  }

  /// The header fields of the answer.
  var headerFields: HTTPFields {
    var fields = headers
    fields[.contentType] = "application/problem+json"
    if let seconds = kind.retrySeconds { fields[.retryAfter] = String(seconds) }
    if kind == .unauthorized { fields[.wwwAuthenticate] = "Bearer" }
    if kind.endsConnection { fields[.connection] = "close" }
    return fields
  }
}

extension Problem: HTTPResponseError {
  /// The status of the answer.
  public var status: HTTPResponse.Status { kind.status }

  /// Makes the answer.
  public func response(from request: Request, context: some RequestContext) -> Response {
    Response(
      status: status, headers: headerFields,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }
}

extension Problem.Kind {
  /// The status of an answer.
  var status: HTTPResponse.Status {
    switch self {
    case .malformedRequest, .malformedJSON, .notUTF8: .badRequest
    case .unauthorized: .unauthorized
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .requestTimeout: .requestTimeout
    case .bodyTooLarge, .tooManyTexts: .contentTooLarge
    case .unsupportedMediaType: .unsupportedMediaType
    case .invalidRequest, .emptyText: .unprocessableContent
    case .overloaded: .tooManyRequests
    case .headersTooLarge: .requestHeaderFieldsTooLarge
    case .internalError, .undefinedAnswer: .internalServerError
    case .shuttingDown: .serviceUnavailable
    }
  }

  /// A short sentence that is the same for all problems of the kind.
  var title: String {
    switch self {
    case .malformedRequest: "The request breaks HTTP"
    case .malformedJSON: "The body is not JSON"
    case .notUTF8: "The body is not UTF-8"
    case .unauthorized: "The bearer token is missing or wrong"
    case .notFound: "There is no such route"
    case .methodNotAllowed: "The route has another method"
    case .requestTimeout: "The body came too slowly"
    case .bodyTooLarge: "The body is too large"
    case .tooManyTexts: "There are too many texts"
    case .unsupportedMediaType: "The content type is not read here"
    case .invalidRequest: "The request asks for something that there is not"
    case .emptyText: "The text has no word"
    case .overloaded: "Too many requests wait"
    case .headersTooLarge: "The header is too long"
    case .internalError: "The server failed"
    case .undefinedAnswer: "The model has no answer"
    case .shuttingDown: "The server stops"
    }
  }

  /// After how many seconds a client may come again; nil where the same request would fail again.
  fileprivate var retrySeconds: Int? {
    switch self {
    case .overloaded: 1
    case .shuttingDown: 2
    default: nil
    }
  }

  /// Whether what is left of the request on the connection cannot be trusted, or not be waited for.
  fileprivate var endsConnection: Bool {
    switch self {
    case .malformedRequest, .headersTooLarge, .requestTimeout, .bodyTooLarge, .shuttingDown: true
    default: false
    }
  }
}
