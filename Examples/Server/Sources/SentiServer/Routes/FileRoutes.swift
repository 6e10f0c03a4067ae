internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/`, what the page needs, and `/openapi.json`: files inside the program.
struct FileRoutes {
  /// What a browser may do with the page: run its script, use its style and ask this server.
  static let contentSecurityPolicy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
    "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  func add(to router: Router<ServerContext>) {
    add("/", .page, "text/html; charset=utf-8", to: router)
    add("/page.js", .script, "text/javascript; charset=utf-8", to: router)
    add("/page.css", .style, "text/css; charset=utf-8", to: router)
    add("/openapi.json", .openAPI, "application/json", to: router)
  }

  private func add(
    _ path: RouterPath, _ file: ServerFile, _ contentType: String, to router: Router<ServerContext>
  ) {
    let body = ByteBuffer(bytes: file.bytes)
    router.get(path) { _, _ in
      Response(
        status: .ok,
        headers: [
          .contentType: contentType, .contentSecurityPolicy: Self.contentSecurityPolicy,
          .cacheControl: "no-cache", .referrerPolicy: "no-referrer",
        ], body: ResponseBody(byteBuffer: body))
    }
  }
}

extension HTTPField.Name {
  /// What a browser tells other servers of where a person comes from.
  static var referrerPolicy: Self { HTTPField.Name("Referrer-Policy") ?? .referer }
}
