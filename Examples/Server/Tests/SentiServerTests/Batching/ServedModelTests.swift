import HTTPTypes
import Logging
import Senti
import Testing

@testable import SentiServer

@Suite("Served model")
struct ServedModelTests {
  @Test func aModelOfAnotherTaskIsRefused() throws {
    let file = TemporaryFile("captions.safetensors")
    var bytes = try TestServer.modelBytes()
    let range = try #require(bytes.firstRange(of: Array(#""sentiment""#.utf8)))
    bytes.replaceSubrange(range, with: #""captioner""#.utf8)
    try file.write(bytes)
    let error = #expect(throws: ModelError.self) { try ModelStore(.file(file.path)) }
    #expect(
      error?.description == "\(file.path): expected a sentiment model, found a captioner model")
  }

  @Test func aReloadTakesWhatTheFileHoldsNow() async throws {
    let file = TemporaryFile("model.safetensors")
    try TestServer.classifier().write(to: file.path)
    let server = try SentiServer(.file(file.path), ServerOptions(), logger: TestServer.silentLogger)
    let old = server.models.current
    var changed = try TestServer.classifier()
    changed.temperature = 2
    try changed.write(to: file.path, overwriting: true)
    ReloadService(models: server.models, metrics: server.metrics, logger: server.logger).reload()
    #expect(server.models.current.fingerprint != old.fingerprint)
    #expect(server.registry.text.contains(#"senti_reloads_total{result="done"} 1"#))
    // What came before is answered by the old one still.
    async let late = server.queue.predictions(for: [[4]], by: old) { false }
    let batch = try #require(await server.queue.nextBatch())
    #expect(batch.model === old)
    server.queue.finish(batch, old.classifier.predictions(forTokens: batch.texts))
    #expect(try await late.count == 1)
  }

  @Test func whereAFileCannotBeReadTheOldModelStays() throws {
    let file = TemporaryFile("model.safetensors")
    try TestServer.classifier().write(to: file.path)
    let server = try SentiServer(.file(file.path), ServerOptions(), logger: TestServer.silentLogger)
    let old = server.models.current
    try file.write([1, 2, 3])
    ReloadService(models: server.models, metrics: server.metrics, logger: server.logger).reload()
    #expect(server.models.current === old)
    #expect(server.registry.text.contains(#"senti_reloads_total{result="failed"} 1"#))
  }
}
