import Foundation
import SentiTestSupport
import Testing

@testable import SentiCorpora

@Suite("Compression")
struct CompressionTests {
  @Test(
    arguments: [
      ("a.csv.gz", .gzip), ("A.CSV.GZ", .gzip), ("a.jsonl.zst", .zstd), ("a.csv", nil), ("gz", nil),
    ] as [(String, Compression?)])
  func isToldByTheEndOfTheName(path: String, compression: Compression?) {
    #expect(Compression(extensionOf: path) == compression)
  }

  @Test func knowsItsSuffix() {
    #expect(Compression.allCases.map(\.suffix) == [".gz", ".zst"])
  }

  @Test(arguments: ["a.txt.gz", "a.txt.zst"])
  func packsAndUnpacks(name: String) throws {
    let folder = try TemporaryFolder()
    let content = (0..<900_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 11) }
    let sink = try ByteSink(path: folder[name], overwrite: false)
    for start in stride(from: 0, to: content.count, by: 50_000) {
      try sink.write([content[start..<start + 50_000]])
    }
    try sink.finish()
    let plain = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder[name])).readToEnd()
    #expect(plain.map { Array($0) } != content)
    #expect(try TextFile.read(folder[name]) == content)
    #expect(try folder.names() == [name])
  }

  @Test(arguments: [
    ("a.gz", "gzip: stdin: unexpected end of file"),
    ("a.zst", "zstd: "),
  ])
  func saysThatAFileIsCutShort(name: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let sink = try ByteSink(path: folder[name], overwrite: false)
    try sink.write([(0..<100_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 11) }[...]])
    try sink.finish()
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder[name]))
    try folder.write(Array(whole.prefix(whole.count / 2)), to: name)
    let error = #expect(throws: CorpusError.self) { try TextFile.read(folder[name]) }
    guard case .unreadable(let found) = error?.problem else {
      Issue.record("found \(String(describing: error))")
      return
    }
    // The rest of zstd's sentence differs from version to version.
    #expect(name == "a.gz" ? found == reason : found.hasPrefix(reason))
  }

  @Test func endsAProgramWhoseOutputIsNotWanted() throws {
    let folder = try TemporaryFolder()
    let sink = try ByteSink(path: folder["a.gz"], overwrite: false)
    try sink.write([[UInt8](repeating: 0x61, count: 5_000_000)[...]])
    try sink.finish()
    let source = try ByteSource(path: folder["a.gz"])
    var bytes: [UInt8] = []
    #expect(try source.read(into: &bytes) > 0)
  }
}
