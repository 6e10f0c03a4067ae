import HTTPTypes
import HummingbirdTesting
import Senti
import Testing

@testable import SentiServer

@Suite("Health and metrics")
struct HealthRoutesTests {
  @Test func aServerThatAnswersIsLive() async throws {
    let response = try await TestServer.make().ask(.get, "/health/live")
    #expect(response.status == .ok && response.text == #"{"status":"live"}"#)
    #expect(response.headers[.cacheControl] == "no-store")
  }

  @Test func aServerThatIsReadyNamesItsModel() async throws {
    let server = try TestServer.make()
    let fingerprint = server.models.current.fingerprint
    #expect(
      try await server.ask(.get, "/health/ready").text
        == #"{"status":"ready","model":"test model","fingerprint":"\#(fingerprint)","#
        + #""labels":["negative","positive"]}"#)
  }

  @Test func metricsTellOfQueueBatchesAndInference() async throws {
    let server = try TestServer.make()
    try await server.ask(.post, "/v1/classify", #"{"texts":["great","awful"]}"#)
    let response = try await server.ask(.get, "/metrics")
    #expect(response.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
    for line in [
      "# TYPE senti_queue_seconds histogram", "senti_queue_seconds_count 2",
      "senti_batch_texts_sum 2.0", "senti_inference_seconds_count ", "senti_waiting_texts 0.0",
      "senti_dropped_requests_total 0",
    ] {
      #expect(response.text.contains(line))
    }
  }

  @Test func headHasNoBody() async throws {
    let response = try await TestServer.make().ask(.head, "/health/live")
    #expect(response.status == .ok && response.text.isEmpty)
  }
}
