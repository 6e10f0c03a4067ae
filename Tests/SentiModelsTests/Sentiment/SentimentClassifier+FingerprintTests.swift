import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Sentiment classifier: fingerprint")
struct SentimentClassifierFingerprintTests {
  @Test func isTheFilesWhereverItLies() throws {
    let folder = try TemporaryFolder()
    let classifier = try TestModels.classifier()
    try classifier.write(to: folder["a"])
    try classifier.write(to: folder["b"])
    let (first, second) = try (
      SentimentClassifier(contentsOf: folder["a"]), SentimentClassifier(contentsOf: folder["b"])
    )
    #expect(first.fingerprint == second.fingerprint)
    #expect(first.fingerprint.count == 16 && first.fingerprint.allSatisfy(\.isHexDigit))
    #expect(classifier.fingerprint == classifier.fingerprint)
  }

  @Test func whateverChangesAnswersChangesIt() throws {
    let folder = try TemporaryFolder()
    let classifier = try TestModels.classifier()
    var warmer = classifier
    warmer.temperature = 2
    let rounded = classifier.rounded(to: .integer8)
    let inMemory = [classifier, warmer, rounded]
    #expect(Set(inMemory.map(\.fingerprint)).count == 3)
    for (index, model) in inMemory.enumerated() { try model.write(to: folder["\(index)"]) }
    var fromFiles = try inMemory.indices.map {
      try SentimentClassifier(contentsOf: folder["\($0)"])
    }
    fromFiles.append(fromFiles[0])
    fromFiles[3].temperature = 3
    #expect(Set(fromFiles.map(\.fingerprint)).count == 4)
  }
}
