import Foundation
import SentiTensor
import SentiTestSupport
import Testing

@testable import SentiModels

/// What lies in the program, held against the files that it was made from.
@Suite("Bundled model: file")
struct BundledModelFileTests {
  private static func file(_ model: BundledModel) throws -> Data {
    try Data(
      contentsOf: Repository.folder.appending(
        path: "Sources/CSentiModels/Models/\(model.rawValue).safetensors"))
  }

  @Test(arguments: BundledModel.allCases)
  func theProgramHoldsTheFile(_ model: BundledModel) throws {
    let bytes = model.fileBytes
    #expect(Data(bytes.bytes(0..<bytes.count)) == (try Self.file(model)))
  }

  @Test(arguments: BundledModel.allCases)
  func itBeginsAtACacheLine(_ model: BundledModel) {
    let address = model.fileBytes.withBytes(0..<1) {
      $0.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }
    #expect(address % 64 == 0)
  }

  @Test(arguments: [(BundledModel.english, 16 << 20), (.englishSmall, 4 << 20)])
  func itIsNoLargerThanPromised(_ model: BundledModel, byteCount: Int) {
    #expect(model.fileBytes.count <= byteCount)
  }

  /// Of bytes from elsewhere the checksum and every number are checked, which takes time at each start.
  @Test(arguments: BundledModel.allCases)
  func itStandsAllChecksOfAForeignFile(_ model: BundledModel) throws {
    let bytes = model.fileBytes
    let foreign = ModelSource.memory(bytes.bytes(0..<bytes.count), name: model.rawValue)
    try foreign.archive().verifyChecksum()
    let (text, tokens) = ("A wonderful, moving film.", [Array(Int32(0)..<1000)])
    let (read, bundled) = try (SentimentClassifier(foreign), SentimentClassifier(.bundled(model)))
    #expect(read.prediction(for: text) == bundled.prediction(for: text))
    #expect(read.predictions(forTokens: tokens) == bundled.predictions(forTokens: tokens))
  }
}
