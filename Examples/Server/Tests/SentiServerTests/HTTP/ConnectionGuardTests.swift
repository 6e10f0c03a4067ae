import Testing

@testable import SentiServer

/// What clients do with bytes, over real connections.
@Suite("Connection guard", .serialized)
struct ConnectionGuardTests {
  private static let body = #"{"text":"great"}"#
  private static let request = """
    POST /v1/classify HTTP/1.1
    Host: a
    Content-Type: application/json
    Content-Length: 16


    """ + body

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(
        port: port, Self.request + "GET /health/live HTTP/1.1\nHost: a\nConnection: close\n\n")
    }
    let parts = answer.split(separator: "HTTP/1.1 200 OK")
    #expect(parts.count == 2)
    #expect(parts.first?.contains(#""label":"positive""#) == true)
    #expect(parts.last?.contains(#"{"status":"live"}"#) == true)
  }

  @Test func aClientOfHTTP10GetsItsAnswerAndTheEndOfTheConnection() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(port: port, "GET /health/live HTTP/1.0\n\n")
    }
    #expect(answer.hasPrefix("HTTP/1.0 200 OK") && answer.hasSuffix(#"{"status":"live"}"#))
  }

  @Test func aClientOfHTTP10GetsRowsWithoutChunks() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(
        port: port,
        "POST /v1/classify HTTP/1.0\nContent-Type: text/csv\nContent-Length: 11\n\n",
        "text\ngreat")
    }
    #expect(!answer.lowercased().contains("transfer-encoding"))
    #expect(answer.contains("text,label,probability,score,error\r\ngreat,positive,"))
  }

  @Test func aClientThatWaitsWithItsBodyIsToldToGoOn() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.with(port: port) { connection in
        let head = Self.request.replacing("\n\n" + Self.body, with: "\n")
        try await connection.send(head + "Connection: close\nExpect: 100-continue\n\n")
        let agreement = try await connection.read(until: "\r\n\r\n")
        try await connection.send(Self.body)
        return try await agreement + "|" + connection.readToEnd()
      }
    }
    #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n|HTTP/1.1 200 OK"))
  }

  @Test func aBodyThatDoesNotGoOnIsGivenUp() async throws {
    let server = try TestServer.make { $0.requestTimeout = .milliseconds(30) }
    let answer = try await server.serving { port in
      try await RawConnection.exchange(port: port, String(Self.request.dropLast(3)))
    }
    #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout"))
    #expect(answer.contains("urn:senti:problem:request-timeout"))
  }

  @Test func rowsThatDoNotGoOnAreGivenUp() async throws {
    let server = try TestServer.make { $0.requestTimeout = .milliseconds(30) }
    let answer = try await server.serving { port in
      try await RawConnection.exchange(
        port: port,
        "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/csv\n"
          + "Transfer-Encoding: chunked\n\n4\ntext\n")
    }
    #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout"))
  }

  @Test func aBodyThatNeverEndsIsRefused() async throws {
    let server = try TestServer.make { $0.bodyByteCount = 1_000 }
    let answer = try await server.serving { port in
      try await RawConnection.with(port: port) { connection in
        try await connection.send(
          "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/plain\n"
            + "Transfer-Encoding: chunked\n\n")
        let sender = Task {
          let chunk = "200\n" + String(repeating: "a", count: 512) + "\n"
          while !Task.isCancelled { try await connection.send(chunk) }
        }
        defer { sender.cancel() }
        return try await connection.readToEnd()
      }
    }
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.contains("expected a body of at most 1000 bytes, found more"))
  }

  @Test func aBodyThatSaysItIsTooLargeIsRefusedBeforeItComes() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(
        port: port,
        "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/plain\n"
          + "Content-Length: 99999999999999999999\n\n")
    }
    #expect(answer.hasPrefix("HTTP/1.1 4"))
    #expect(answer.contains("application/problem+json"))
  }

  @Test(arguments: [(1, 100_000), (5_000, 1)])
  func aFloodOfHeadersIsRefused(_ count: Int, _ length: Int) async throws {
    let field = "x: " + String(repeating: "y", count: length) + "\n"
    let request = "GET / HTTP/1.1\nHost: a\n" + String(repeating: field, count: count) + "\n"
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(port: port, request)
    }
    #expect(answer.hasPrefix("HTTP/1.1 431 Request Header Fields Too Large"))
    #expect(answer.contains("urn:senti:problem:headers-too-large"))
  }

  @Test(arguments: [
    "\u{16}\u{3}\u{1}\n\n", "GET\n\n", "GET / HTTP/9.9\n\n", "PRI * HTTP/2.0\n\nSM\n\n",
  ])
  func whatIsNoHTTPIsRefused(_ request: String) async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(port: port, request)
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request"))
    #expect(answer.contains("urn:senti:problem:malformed-request"))
  }

  @Test func aBodyOfBrokenChunksIsRefused() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.exchange(
        port: port,
        "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/plain\n"
          + "Transfer-Encoding: chunked\n\n", "xyz\n")
    }
    #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request"))
  }

  @Test func afterARequestThatWasCutTheServerGoesOn() async throws {
    let status = try await TestServer.make().serving { port in
      try await RawConnection.with(port: port) { connection in
        try await connection.send(String(Self.request.dropLast(3)))
      }
      return try await RawConnection.exchange(
        port: port, "GET /health/live HTTP/1.1\nHost: a\nConnection: close\n\n")
    }
    #expect(status.hasPrefix("HTTP/1.1 200 OK"))
  }

  @Test func aConnectionWithoutARequestEnds() async throws {
    let server = try TestServer.make { $0.idleTimeout = .milliseconds(30) }
    let answer = try await server.serving { port in
      try await RawConnection.exchange(port: port, "GET / HT")
    }
    #expect(answer.isEmpty)
  }

  /// The client has gone while its text waited: no worker reads it.
  @Test func textsOfClientsThatHungUpAreNotClassified() async throws {
    let server = try TestServer.make { $0.workerCount = 0 }
    try await server.serving { port in
      try await RawConnection.with(port: port) { connection in
        try await connection.send(Self.request)
        try await eventually { server.queue.load.textCount == 1 }
      }
      try await eventually { server.clients.count == 1 }
      async let batch = server.queue.nextBatch()
      try await eventually { server.queue.load.textCount == 0 }
      server.queue.close()
      #expect(await batch == nil)
      #expect(server.registry.text.contains("senti_dropped_requests_total 1\n"))
    }
  }
}
