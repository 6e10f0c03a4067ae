internal import HTTPTypes
internal import Hummingbird

/// What a body is, as far as a route reads it.
enum MediaType: String, CaseIterable {
  case json = "application/json"
  case text = "text/plain"
  case csv = "text/csv"
  case tsv = "text/tab-separated-values"
  case ndjson = "application/x-ndjson"

  /// Other names of newline-delimited JSON.
  private static let ndjsonNames = [
    "application/ndjson", "application/jsonl", "application/jsonlines",
  ]

  /// The media type that a header field names, without its parameters.
  init?(field: String) {
    let name = field.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    if let type = MediaType(rawValue: name) {
      self = type
    } else if Self.ndjsonNames.contains(name) {
      self = .ndjson
    } else {
      return nil
    }
  }

  /// The charset that a header field names; nil for none.
  static func charset(of field: String) -> String? {
    for parameter in field.split(separator: ";").dropFirst() {
      let parts = parameter.split(separator: "=", maxSplits: 1).map { part in
        part.lowercased().filter { !$0.isWhitespace && $0 != "\"" }
      }
      if parts.count == 2, parts[0] == "charset" { return parts[1] }
    }
    return nil
  }

  /// The media type of a request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - accepted: The types that the route reads.
  /// - Returns: One of the accepted types.
  /// - Throws: A ``Problem`` for another type, for another charset than UTF-8, and for a packed body.
  static func of(_ request: Request, among accepted: [MediaType]) throws(Problem) -> MediaType {
    let names = accepted.map(\.rawValue).joined(separator: ", ")
    let field = request.headers[.contentType]
    guard let field, let type = MediaType(field: field), accepted.contains(type) else {
      let found = field.map { "\"\($0)\"" } ?? "none"
      throw Problem(
        .unsupportedMediaType, "expected a content type among \(names), found \(found)",
        headers: [.acceptPost: names])
    }
    if let charset = charset(of: field), charset != "utf-8", charset != "us-ascii" {
      throw Problem(.unsupportedMediaType, "expected the charset utf-8, found \"\(charset)\"")
    }
    if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
      throw Problem(
        .unsupportedMediaType, "expected a body that is not packed, found \"\(coding)\"",
        headers: [.acceptEncoding: "identity"])
    }
    return type
  }
}

extension HTTPField.Name {
  /// What media types a resource takes by POST (W3C, Linked Data Platform).
  static var acceptPost: Self { HTTPField.Name("Accept-Post") ?? .accept }
}
