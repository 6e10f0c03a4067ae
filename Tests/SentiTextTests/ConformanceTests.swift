import Foundation
import SentiText
import Testing

/// Every case of Unicode's own test files, which Debian's package `unicode-data` brings; without
/// them, or with files of another version than the linked ICU's, these tests are skipped.
@Suite("Conformance", .enabled(if: UnicodeData.isOfLinkedICU))
struct ConformanceTests {
  /// Lines of Unicode 15.0's files on which ICU deviates on purpose, and why.
  private static let deviations: [TextUnit: [(lines: [Int], reason: String)]] = [
    .word: [
      (
        [1253, 1254, 1267, 1268] + Array(1283...1292) + [1712],
        "CLDR takes the colon between letters for a mark, but in Finnish and Swedish"
      )
    ],
    .line: [
      (
        [2265, 2267, 2421, 2423, 2425, 2427, 2429, 2431],
        "CLDR keeps a hyphen that begins a text or follows a space with the letter behind it"
      ),
      (
        [2873, 2875, 7477] + Array(7576...7581) + Array(7583...7587),
        "CLDR keeps a comma or a full stop with the digit behind it (LB 25, example 7)"
      ),
    ],
  ]

  @Test(arguments: [
    (TextUnit.word, "WordBreakTest.txt", 1_823), (.sentence, "SentenceBreakTest.txt", 502),
    (.grapheme, "GraphemeBreakTest.txt", 602), (.line, "LineBreakTest.txt", 7_654),
  ])
  func boundariesAreUnicodes(unit: TextUnit, file: String, caseCount: Int) throws {
    let segmenter = try TextSegmenter(unit)
    let words = try WordTokenizer()
    let cases = try UnicodeData.cases(of: "auxiliary/\(file)")
    #expect(cases.count >= caseCount)
    var failed: Set<Int> = []
    for (line, fields) in cases {
      let (text, ends) = Self.parse(fields)
      if segmenter.ranges(in: text).map(\.upperBound) != ends { failed.insert(line) }
      guard unit == .word else { continue }
      #expect(words.tokens(in: text).map(\.byteRange) == segmenter.ranges(in: text))
    }
    let deviations = Self.deviations[unit]?.flatMap(\.lines) ?? []
    #expect(failed == Set(deviations))
  }

  @Test(arguments: [
    (Normalization.Form.nfc, [1, 1, 1, 3, 3]), (.nfd, [2, 2, 2, 4, 4]),
    (.nfkc, [3, 3, 3, 3, 3]), (.nfkd, [4, 4, 4, 4, 4]),
  ])
  func formsAreUnicodes(form: Normalization.Form, expected: [Int]) throws {
    let normalizer = try Normalizer(Normalization(form: form))
    let cases = try UnicodeData.cases(of: "NormalizationTest.txt.bz2").filter {
      !$0.fields.hasPrefix("@")
    }
    #expect(cases.count >= 19_000)
    for (line, fields) in cases {
      let columns = fields.split(separator: ";").prefix(5).map { Self.text($0) }
      for (source, target) in zip(columns, expected) {
        // Columns count from 1 in the file: NFC is the second, NFD the third, and so on.
        guard normalizer.normalized(source).utf8 != bytes(columns[target]) else { continue }
        Issue.record("line \(line)")
        return
      }
    }
  }

  /// A case's text, and where its boundaries are in UTF-8.
  private static func parse(_ fields: String) -> (String, [Int]) {
    var text = ""
    var ends: [Int] = []
    for field in fields.split(whereSeparator: \.isWhitespace) {
      switch field {
      case "\u{F7}": if !text.isEmpty { ends.append(text.utf8.count) }
      case "\u{D7}": break
      default: text += Self.text(field)
      }
    }
    return (text, ends)
  }

  private static func text(_ hexadecimal: Substring) -> String {
    let scalars = hexadecimal.split(separator: " ").compactMap { UInt32($0, radix: 16) }
    return String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
  }
}

/// The files of Debian's package `unicode-data`.
enum UnicodeData {
  private static let folder = "/usr/share/unicode/"

  /// Whether the files are there and of the Unicode version of the linked ICU.
  static var isOfLinkedICU: Bool {
    let readMe = FileManager.default.contents(atPath: folder + "auxiliary/WordBreakTest.txt")
    let first = readMe.map { String(decoding: $0.prefix(64), as: UTF8.self) } ?? ""
    return first.contains("WordBreakTest-\(ICUVersion.linked.unicode)")
  }

  /// The lines of a file that are no comment, with their numbers.
  static func cases(of file: String) throws -> [(line: Int, fields: String)] {
    let text = String(decoding: try contents(of: folder + file), as: UTF8.self)
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      let fields = $1.prefix { $0 != "#" }.drop { $0 == " " }
      return fields.isEmpty ? nil : ($0 + 1, String(fields))
    }
  }

  private static func contents(of path: String) throws -> Data {
    guard path.hasSuffix(".bz2") else { return try Data(contentsOf: URL(fileURLWithPath: path)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bzip2", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    return pipe.fileHandleForReading.readDataToEndOfFile()
  }
}
