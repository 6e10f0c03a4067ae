internal import FoundationEssentials

/// Reads what a client asks for: a JSON object whose members are all known.
enum RequestDocument {
  /// Reads a request.
  ///
  /// - Parameters:
  ///   - type: What is read; its `init(from:)` takes its members by ``Decoder/members(_:)``.
  ///   - bytes: JSON in UTF-8.
  /// - Returns: What the client asks for.
  /// - Throws: A ``Problem`` that says what was expected where, and what was found.
  static func read<Document: Decodable>(
    _ type: Document.Type, json bytes: [UInt8]
  ) throws(Problem) -> Document {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Problem(.notUTF8, "expected JSON in UTF-8, found bytes that are not")
    }
    do {
      return try JSONDecoder().decode(Document.self, from: Data(bytes))
    } catch let error as Problem {
      throw error
    } catch {
      throw Problem(error)
    }
  }
}

/// A member of any name.
private struct AnyMember: CodingKey {
  let stringValue: String
  let intValue: Int? = nil

  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The members of an object, of which none has another name.
  ///
  /// - Throws: A ``Problem`` where one has.
  func members<Member: CodingKey & CaseIterable & RawRepresentable<String>>(
    _ type: Member.Type
  ) throws -> KeyedDecodingContainer<Member> {
    let known = Member.allCases.map(\.rawValue)
    let found = try container(keyedBy: AnyMember.self).allKeys.map(\.stringValue)
    if let other = found.filter({ !known.contains($0) }).min() {
      let list = known.joined(separator: ", ")
      throw Problem(
        .invalidRequest, "expected members among \(list), found \"\(other.prefix(64))\"")
    }
    return try container(keyedBy: type)
  }
}

extension Problem {
  /// What a client is told of JSON that cannot be read.
  fileprivate init(_ error: any Error) {
    guard let error = error as? DecodingError else {
      self.init(.malformedJSON, "expected JSON, found something else")
      return
    }
    switch error {
    case .typeMismatch(let type, let context):
      self.init(
        .invalidRequest, "expected \(Self.noun(type)) in \(Self.place(context)), found another type"
      )
    case .valueNotFound(let type, let context):
      self.init(
        .invalidRequest, "expected \(Self.noun(type)) in \(Self.place(context)), found null")
    case .keyNotFound(let key, _):
      self.init(.invalidRequest, "expected a member \"\(key.stringValue)\", found none")
    case .dataCorrupted(let context):
      self.init(.malformedJSON, "expected JSON, found otherwise: \(Self.reason(context))")
    @unknown default:
      self.init(.malformedJSON, "expected JSON, found something else")
    }
  }

  private static func noun(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is [String: Any].Type: "an object"
    default: "\(type)".hasPrefix("Array") ? "an array of strings" : "an object"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { key in
      key.intValue.map { "[\($0)]" } ?? key.stringValue
    }
    return path.isEmpty ? "the body" : "\"\(path.joined())\""
  }

  /// The parser's own words, which name line and column.
  private static func reason(_ context: DecodingError.Context) -> String {
    let error = context.underlyingError.map { "\($0)" } ?? context.debugDescription
    return String(error.prefix(160).filter { !$0.isNewline })
  }
}
