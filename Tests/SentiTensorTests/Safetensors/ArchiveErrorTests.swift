import SentiTensor
import Testing

@Suite("Archive error")
struct ArchiveErrorTests {
  @Test(
    arguments: [
      (.cannotRead(path: "f", reason: "why"), "f: cannot be read: why"),
      (.changed(path: "f"), "f: was written to while it was read"),
      (.foreignFile(path: "f", reason: "why"), "f: not a safetensors file: why"),
      (.notNumPy(path: "f", reason: "why"), "f: not a NumPy file: why"),
      (
        .truncated(path: "f", expectedByteCount: 9, foundByteCount: 8),
        "f: cut short: expected 9 bytes, found 8"
      ),
      (
        .malformedHeader(path: "f", byteOffset: 8, reason: "why"),
        "f: malformed header at byte 8: why"
      ),
      (
        .malformedTensor(path: "f", tensor: "t", expected: "a", found: "b"),
        "f: malformed tensor 't': expected a, found b"
      ),
      (.missingTensor(path: "f", tensor: "t"), "f: no tensor 't'"),
      (
        .unexpectedTensor(path: "f", tensor: "t", expected: "a", found: "b"),
        "f: tensor 't': expected a, found b"
      ),
      (.missingMetadata(path: "f", key: "k"), "f: no metadata 'k'"),
      (
        .unexpectedMetadata(path: "f", key: "k", expected: "a", found: "b"),
        "f: metadata 'k': expected a, found 'b'"
      ),
      (
        .newerFormatVersion(path: "f", newestSupported: 1, found: 2),
        "f: format version 2 is newer than 1, the newest known here"
      ),
      (
        .checksumMismatch(path: "f", expected: "a", found: "b"),
        "f: damaged: expected checksum a, found b"
      ),
      (.fileExists(path: "f"), "f: exists already"),
      (.cannotWrite(path: "f", reason: "why"), "f: cannot be written: why"),
    ] as [(ArchiveError, String)])
  func describesItselfInOneSentence(error: ArchiveError, description: String) {
    #expect(error.description == description)
  }
}
