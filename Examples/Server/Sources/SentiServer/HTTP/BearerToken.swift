internal import HTTPTypes
internal import Hummingbird

/// A secret that clients must know.
struct BearerToken: Sendable {
  private let bytes: [UInt8]

  init(_ token: String) {
    bytes = Array(token.utf8)
  }

  /// Refuses a request without the token.
  ///
  /// - Throws: A ``Problem`` that is the same whether the token is missing or wrong.
  func require(in request: Request) throws(Problem) {
    let field = request.headers[.authorization] ?? ""
    let scheme = "bearer "
    let isBearer = field.prefix(scheme.count).lowercased() == scheme
    guard isBearer, matches(Array(field.dropFirst(scheme.count).utf8)) else {
      throw Problem(
        .unauthorized, "expected Authorization: Bearer with this server's token, found another")
    }
  }

  /// Whether the token is the one that was given, in a time that does not tell where they differ.
  ///
  /// Every byte of what was given is compared, whatever came before.
  func matches(_ given: [UInt8]) -> Bool {
    guard !bytes.isEmpty else { return false }
    var difference = UInt(bitPattern: bytes.count ^ given.count)
    for index in given.indices { difference |= UInt(given[index] ^ bytes[index % bytes.count]) }
    return difference == 0
  }
}
