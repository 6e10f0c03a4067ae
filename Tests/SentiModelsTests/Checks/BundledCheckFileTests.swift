import Foundation
import SentiCorpora
import SentiTestSupport
import Testing

@testable import SentiModels

/// The suite that comes with the package, held against the files that it was made from.
@Suite("Bundled check files")
struct BundledCheckFileTests {
  private static let folder = Repository.folder.appending(path: "corpora/checks").path
  private let suite: CheckSuite

  init() throws { suite = try CheckSuite.bundled() }

  /// A file that lies there and is not listed in `CSentiModels/checks.c` would never run.
  @Test func theProgramHoldsTheFolder() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    let files = BundledCheckFile.all
    #expect(files.map(\.name).sorted() == names.filter { $0.hasSuffix(".jsonl") }.sorted())
    for file in files {
      let content = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(file.name)"))
      #expect(Data(file.bytes) == content, "\(file.name)")
    }
    let read = try CheckSuite(contentsOf: [Self.folder])
    #expect(Set(read.cases.map(\.texts)) == Set(suite.cases.map(\.texts)))
  }

  @Test func everyCapabilityHasEnoughCases() {
    for capability in suite.capabilities {
      let count = suite.cases.count { $0.capability == capability }
      #expect(count >= 20, "\(capability) has \(count)")
    }
    #expect(suite.cases.count >= 600 && suite.capabilities.count == 24)
    let uncounted = Set(suite.cases.filter { !$0.isCounted }.map(\.capability))
    #expect(uncounted == ["irony"])
  }

  /// The bundled model has these three labels; a slip in one would leave a case out.
  @Test func everyCaseIsOfTheModelsLabels() {
    for check in suite.cases {
      let labels =
        switch check.expectation {
        case .label(let labels): labels
        case .direction(let direction): [direction.label]
        case .invariance: [String]()
        }
      #expect(Set(labels).isSubset(of: SentimentLabels.ordered), "\(check.origin)")
    }
  }

  @Test func everyTextIsTestedOnce() {
    var seen: [String: LabelledText.Origin] = [:]
    for check in suite.cases {
      let kind =
        switch check.expectation {
        case .label: "label"
        case .invariance: "invariance"
        case .direction: "direction"
        }
      // Stars alone are no words.
      let words = Self.words(check.text)
      let key = "\(kind) \(words.isEmpty ? check.text : words)"
      #expect(
        seen[key] == nil, "\(check.origin) and \(seen[key]?.description ?? ""): \(check.text)")
      seen[key] = check.origin
    }
  }

  // MARK: Training

  /// `Benchmarks/english/check_overlap.py --record` writes the fixture once no text stands in training.
  @Test func everyTextWasHeldAgainstTheTrainingTexts() throws {
    let file = Repository.folder.appending(
      path: "Tests/SentiModelsTests/Fixtures/checked-texts.txt")
    let checked = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(
      String.init)
    let known = Set(checked)
    for check in suite.cases {
      for text in check.texts {
        #expect(known.contains(Self.fingerprint(text)), "\(check.origin): \(text)")
      }
    }
    #expect(known == Set(suite.cases.flatMap(\.texts).map(Self.fingerprint)), "stale fingerprints")
  }

  @Test func noTextIsOneThatSentencesAreValidatedOn() throws {
    let reader = try CorpusReader(
      Repository.folder.appending(path: "Benchmarks/english/plain_validation.jsonl").path)
    let validation = Set(try reader.map { Self.words(try $0.get().text) })
    #expect(validation.count == 50)
    requireNone(of: validation)
  }

  /// Templates with a word left open are held against by `check_overlap.py`, on what they make.
  @Test func noTextIsATemplateOfTheTrainingSentences() throws {
    let script = try String(
      contentsOf: Repository.folder.appending(path: "Benchmarks/english/plain.py"), encoding: .utf8)
    let strings = script.matches(of: #/"([^"\n{}]+)"/#).map { Self.words(String($0.output.1)) }
    #expect(strings.contains("nothing to write home about"))
    requireNone(of: Set(strings.filter { $0.contains(" ") }))
  }

  private func requireNone(of texts: Set<String>) {
    for check in suite.cases {
      for text in check.texts {
        #expect(!texts.contains(Self.words(text)), "\(check.origin): \(text)")
      }
    }
  }

  /// The words of a text in small letters, without punctuation.
  private static func words(_ text: String) -> String {
    text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.joined(separator: " ")
  }

  /// FNV-1a of 64 bits over the UTF-8 bytes without ASCII punctuation, blanks and capitals, as
  /// `check_overlap.py` has it.
  private static func fingerprint(_ text: String) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII && !scalar.properties.isAlphabetic && !("0"..."9").contains(scalar) {
        continue
      }
      value = (value ^ UInt64((65...90).contains(byte) ? byte | 0x20 : byte)) &* 0x100_0000_01B3
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
