import Foundation
import SentiText
import Testing

/// Any bytes at all through the public functions: nothing traps, and every range lies in the bytes.
@Suite("Any bytes")
struct AnyBytesTests {
  private let tokenizer: WordTokenizer
  private let pipeline: TextPipeline
  private let segmenters: [TextSegmenter]

  init() throws {
    tokenizer = try WordTokenizer(joinedTokens: .all)
    var builder = try VocabularyBuilder(
      normalization: Normalization(
        decodesHTML: true, form: .nfkd, foldsCase: true, lowercaseLocale: "lt",
        stripsAccents: true, collapsesSpaces: true))
    builder.add("a b")
    pipeline = try TextPipeline(vocabulary: builder.vocabulary())
    segmenters = try TextUnit.allCases.map { try TextSegmenter($0) }
  }

  @Test(arguments: 0..<4)
  func nothingTrapsAndRangesHold(seed: Int) {
    fuzz(seed: UInt64(seed), count: 1_000)
  }

  /// The heavy check: `SENTI_HEAVY=1 swift test --sanitize=address --filter manyBytesDoNotTrap`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SENTI_HEAVY"] != nil), arguments: 0..<100)
  func manyBytesDoNotTrap(seed: Int) {
    fuzz(seed: 1_000 + UInt64(seed), count: 20_000)
  }

  private func fuzz(seed: UInt64, count: Int) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<count {
      let source = RandomBytes.make(using: &generator)
      guard check(source) else {
        Issue.record("\(source)")
        return
      }
    }
  }

  /// Whether all ranges lie in order inside of the bytes, and cover them where they must.
  private func check(_ source: [UInt8]) -> Bool {
    let (tokens, _) = tokenizer.tokens(utf8: source.span)
    guard covers(tokens.map(\.byteRange), source) else { return false }
    for segmenter in segmenters {
      guard covers(segmenter.ranges(utf8: source.span).ranges, source) else { return false }
    }
    let (encoded, _) = pipeline.tokens(utf8: source.span)
    guard encoded.map(\.id) == pipeline.encode(utf8: source.span) else { return false }
    var stream = WordStream(tokenizer)
    let streamed = stream.tokens(in: source.span) + stream.finish()
    guard streamed == tokens else { return false }
    _ = try? Vocabulary(parsing: source, path: "any")
    _ = try? BytePairEncoding(tokenizerJSON: source, path: "any")
    return encoded.allSatisfy { $0.token.byteRange.upperBound <= source.count }
  }

  private func covers(_ ranges: [Range<Int>], _ source: [UInt8]) -> Bool {
    var end = 0
    for range in ranges {
      guard range.lowerBound == end, !range.isEmpty else { return false }
      end = range.upperBound
    }
    return end == source.count
  }
}

/// Texts that are broken on purpose: cut, changed or strewn with bytes.
enum RandomBytes {
  private static let parts: [[UInt8]] = [
    bytes("<br />"), bytes("&#x"), bytes("&amp;"), bytes("http://a.b/"), bytes("@a.b@c.d"),
    bytes("#\u{E9}"), [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0xC0, 0xAF], [0xFF], [0x00], [0x80, 0xBF],
    bytes("senti vocabulary 1\n"), bytes("\t1\n"), bytes("{\"model\":"),
  ]

  /// One text.
  static func make(using generator: inout some RandomNumberGenerator) -> [UInt8] {
    var text = bytes(RandomText.make(using: &generator))
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let place = Int.random(in: 0...text.count, using: &generator)
      text.insert(contentsOf: parts.randomElement(using: &generator) ?? [], at: place)
    }
    if Bool.random(using: &generator), !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &generator)
      text[place] = UInt8.random(in: 0...255, using: &generator)
    }
    return text
  }
}
