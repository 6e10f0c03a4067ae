import HTTPTypes
import HummingbirdTesting
import Senti
import Testing

@testable import SentiServer

@Suite("/v1/classify of rows")
struct RowsRouteTests {
  /// The added values of a text, by the library.
  private func values(_ text: String) throws -> (csv: String, json: String) {
    let prediction = try TestServer.classifier().prediction(for: text)
    let (label, probability, score) = (prediction.label, prediction.probability, prediction.score)
    return (
      "\(label),\(probability),\(score),",
      #""label":"\#(label)","probability":\#(probability),"score":\#(score),"error":null"#
    )
  }

  @Test func everyRowOfCSVComesBackAsItWasWithTheLibrarysBits() async throws {
    let rows = "id;text\r\n1;\"great; \"\"really\"\"\"\r\n2;\r\n\r\n3;awful\r\n4;x;y\r\n"
    let response = try await TestServer.make().ask(
      .post, "/v1/classify", rows.replacing(";", with: ","), type: "text/csv")
    #expect(response.status == .ok && response.headers[.contentType] == "text/csv")
    #expect(
      try response.text
        == """
        id,text,label,probability,score,error\r
        1,"great, ""really""\",\(values("great, \"really\"").csv)\r
        2,,,,,"expected a text, found nothing"\r
        \r
        3,awful,\(values("awful").csv)\r
        4,x,y,,,"expected 2 fields, found 3"\r

        """.replacing("4,x,y,,,", with: "4,\"x,y\",,,,"))
  }

  @Test func rowsOfJSONKeepTheirMembers() async throws {
    let rows = "{\"review\":\"great\",\"n\":1}\n{\"review\":2}\nno\n"
    let response = try await TestServer.make().ask(
      .post, "/v1/classify?text-field=review", rows, type: "application/x-ndjson")
    let lines = response.text.split(separator: "\n")
    #expect(try lines[0] == #"{"review":"great","n":1,\#(values("great").json)}"#)
    #expect(lines[1].hasPrefix(#"{"review":2,"label":null,"#))
    #expect(lines[1].hasSuffix(#""error":"expected text in field \"review\", found a number"}"#))
    #expect(lines[2].hasPrefix(#"{"unreadable":"no","#) && lines.count == 3)
  }

  @Test func probabilitiesAndAPrefixAreAddedWhereTheyAreAskedFor() async throws {
    let response = try await TestServer.make().ask(
      .post, "/v1/classify?scores=true&prefix=s_", "text\tlabel\ngreat\tx\n",
      type: "text/tab-separated-values")
    #expect(
      response.text.hasPrefix(
        "text\tlabel\ts_label\ts_probability\ts_score\ts_negative\ts_positive\ts_error\n"))
  }

  @Test(arguments: [
    ("?text-field=review", "body:1: expected a field named \"review\", found \"id\", \"text\""),
    ("?scores=yes", "expected scores of true or false, found \"yes\""),
    ("?model=x", "expected parameters among text-field, scores, prefix, found \"model\""),
  ])
  func whatThereIsNotIsRefused(_ query: String, _ detail: String) async throws {
    try await TestServer.make()
      .ask(.post, "/v1/classify" + query, "id,text\n1,great\n", type: "text/csv")
      .expectProblem(.invalidRequest, detail)
  }

  @Test func aBodyWithoutRowsIsRefused() async throws {
    try await TestServer.make().ask(.post, "/v1/classify", "", type: "text/csv")
      .expectProblem(.invalidRequest, "body: expected texts, found none")
  }

  @Test func packedRowsAreNotUnpacked() async throws {
    let server = try TestServer.make()
    let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    let whole = try await server.ask(
      .post, "/v1/classify", bytes: gzip, type: "text/csv",
      headers: [.contentLength: String(gzip.count)])
    let streamed = try await server.ask(.post, "/v1/classify", bytes: gzip, type: "text/csv")
    for response in [whole, streamed] {
      response.expectProblem(
        .unsupportedMediaType, "expected rows, found a packed file; unpack it")
    }
  }

  @Test func rowsBeyondTheLimitAreRefused() async throws {
    let server = try TestServer.make { $0.streamByteCount = 10 }
    try await server.ask(
      .post, "/v1/classify", "text\ngreat\n", type: "text/csv", headers: [.contentLength: "11"]
    ).expectProblem(.bodyTooLarge, "expected a body of at most 10 bytes, found more")
  }

  /// Half of the rows are sent only when those before are answered.
  @Test func rowsAreAnsweredWhileTheyCome() async throws {
    let answer = try await TestServer.make().serving { port in
      try await RawConnection.with(port: port) { connection in
        try await connection.send(
          "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: application/x-ndjson\n"
            + "Connection: close\nTransfer-Encoding: chunked\n\n")
        try await connection.send("12\n{\"text\":\"great\"}\n\n")
        let first = try await connection.read(until: "positive")
        try await connection.send("12\n{\"text\":\"awful\"}\n\n0\n\n")
        return try await first + "|" + connection.readToEnd()
      }
    }
    let parts = answer.split(separator: "|")
    #expect(parts[0].contains(#""label":"positive""#) && !parts[0].contains("negative"))
    #expect(parts[1].contains(#""label":"negative""#) && parts[1].hasSuffix("0\r\n\r\n"))
  }

  /// What is cut must not look whole.
  @Test func anAnswerToRowsThatAreCutHasNoEnd() async throws {
    let server = try TestServer.make { $0.streamByteCount = 100 }
    let answer = try await server.serving { port in
      try await RawConnection.with(port: port) { connection in
        try await connection.send(
          "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/csv\n"
            + "Transfer-Encoding: chunked\n\nd\ntext\ngreat\n\n")
        let first = try await connection.read(until: "positive")
        try await connection.send("c8\n" + String(repeating: "great ", count: 32) + "great!!!\n")
        return try await first + connection.readToEnd()
      }
    }
    #expect(answer.hasPrefix("HTTP/1.1 200 OK") && !answer.hasSuffix("0\r\n\r\n"))
  }

  @Test func moreTablesThanAllowedAreRefused() async throws {
    let server = try TestServer.make { $0.streamCount = 1 }
    let head =
      "POST /v1/classify HTTP/1.1\nHost: a\nContent-Type: text/csv\n"
      + "Transfer-Encoding: chunked\n\n6\ntext\n\n"
    try await server.serving { port in
      try await RawConnection.with(port: port) { first in
        try await first.send(head)
        try await RawConnection.with(port: port) { second in
          try await second.send(head)
          try await eventually { server.waitingTableCount == 1 }
          let answer = try await RawConnection.with(port: port) { third in
            try await third.send(head)
            return try await third.read(until: "urn:senti:problem:overloaded")
          }
          #expect(answer.hasPrefix("HTTP/1.1 429 Too Many Requests"))
          #expect(answer.lowercased().contains("retry-after: 1"))
        }
      }
    }
  }
}
