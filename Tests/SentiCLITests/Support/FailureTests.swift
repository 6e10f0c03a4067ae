import SentiCorpora
import SentiModels
import SentiTensor
import SentiTestSupport
import SentiText
import SentiTraining
import Testing

@testable import SentiCLI

@Suite("Failure")
struct FailureTests {
  static let errors: [(any Error, SentiCLI.ExitStatus)] = [
    (CorpusError(.missing, path: "a"), .noInput),
    (CorpusError(.isNotFolder, path: "a"), .noInput),
    (CorpusError(.unreadable(reason: "I/O error"), path: "a"), .inputOutput),
    (CorpusError(.unwritable(reason: "full"), path: "a"), .inputOutput),
    (CorpusError(.unclosedQuote, path: "a"), .badData),
    (ArchiveError.cannotRead(path: "/none/such", reason: "x"), .noInput),
    (ArchiveError.cannotRead(path: "/", reason: "x"), .inputOutput),
    (ArchiveError.cannotWrite(path: "a", reason: "full"), .inputOutput),
    (ArchiveError.fileExists(path: "a"), .inputOutput),
    (ArchiveError.missingTensor(path: "a", tensor: "b"), .badData),
    (VocabularyError.unreadable(path: "/none/such", reason: "x"), .noInput),
    (VocabularyError.fileExists(path: "a"), .inputOutput),
    (VocabularyError.unwritable(path: "a", reason: "full"), .inputOutput),
    (VocabularyError.notAVocabulary(path: "a"), .badData),
    (ModelError.archive(.fileExists(path: "a")), .inputOutput),
    (ModelError.vocabulary(.notAVocabulary(path: "a")), .badData),
    (ModelError.archive(.changed(path: "a")), .inputOutput),
    (ModelError.otherKind(path: "a", expected: "b", found: "c"), .badData),
    (ICUError.unknownLocale("xx"), .usage),
    (ICUError.failure(operation: "open", status: "U_FILE_ACCESS_ERROR"), .internalError),
    (TrainingError.noExamples, .badData),
  ]

  @Test(arguments: errors.indices)
  func everyErrorHasAStatus(index: Int) throws {
    let (error, status) = Self.errors[index]
    let failure = try #require(Failure(error))
    #expect(failure.status == status)
    #expect(!failure.message.isEmpty)
  }

  /// A file decides what is in a message, but not how much.
  @Test func atMost200BytesOfAValueAreQuoted() throws {
    let long = String(repeating: "x", count: 5_000)
    let errors: [any Error] = [
      ArchiveError.unexpectedMetadata(path: "a", key: long, expected: "b", found: long),
      ArchiveError.unexpectedTensor(path: "a", tensor: long, expected: "b", found: "c"),
      ArchiveError.malformedHeader(path: "a", byteOffset: 1, reason: long),
      CorpusError(.missingField(name: long, available: [long, "b"]), path: "a"),
      CorpusError(
        .missingField(name: "a", available: Array(repeating: "b", count: 5_000)), path: "a"),
      VectorError.notANumber(path: "a", line: 1, found: long),
      ModelError.otherKind(path: "a", expected: "b", found: long),
      ICUError.unknownLocale(long),
      TrainingError.checkpointMismatch(path: "a", what: "b", expected: long, found: long + "y"),
    ]
    for error in errors {
      let failure = try #require(Failure(error))
      #expect(failure.message.utf8.count < 600, "\(error)")
    }
  }

  @Test func ofTwoLongTextsThePlaceWhereTheyPartIsShown() {
    let start = String(repeating: "x", count: 500)
    let (one, other) = Failure.excerpts(start + "1 and on", start + "2")
    #expect(one == "\u{2026}" + start.suffix(20) + "1 and on")
    #expect(other == "\u{2026}" + start.suffix(20) + "2")
    #expect(Failure.excerpts("a", "b").0 == "a" && Failure.excerpts("a", "b").1 == "b")
  }

  @Test func aFileThatExistsNamesTheOption() {
    let failures = [
      Failure(CorpusError(.alreadyExists, path: "a")), Failure(ArchiveError.fileExists(path: "a")),
      Failure(VocabularyError.fileExists(path: "a")),
    ]
    #expect(failures.allSatisfy { $0.message == "a: exists already; --force replaces it" })
  }

  @Test func anErrorOfTheArgumentParserIsNone() {
    struct Other: Error {}
    #expect(Failure(Other()) == nil)
  }
}
