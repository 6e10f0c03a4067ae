import Foundation
import SentiText
import Testing

@Suite("Text stretches")
struct TextStretchesTests {
  private static let normalizations = [
    Normalization.none, .reviews, Normalization(form: .nfd, stripsAccents: true),
    Normalization(decodesHTML: true, lowercaseLocale: "lt", collapsesSpaces: true),
  ]

  /// The stretches of a text that comes in chunks of some size.
  private func stretches(
    _ text: [UInt8], size: Int, _ stretches: consuming TextStretches
  ) -> [TextStretches.Stretch] {
    var found: [TextStretches.Stretch] = []
    for start in stride(from: 0, to: text.count, by: size) {
      let chunk = Array(text[start..<min(text.count, start + size)])
      if let stretch = stretches.append(chunk.span) { found.append(stretch) }
    }
    return found + [stretches.finish()]
  }

  private func agrees(
    _ text: String, _ segmenter: TextSegmenter, _ normalizer: Normalizer, size: Int
  ) -> Bool {
    func units(_ bytes: [UInt8], from offset: Int) -> [String] {
      let normalized = normalizer.normalized(utf8: bytes.span)
      return segmenter.ranges(utf8: normalized.utf8.span).ranges.map { range in
        let original = normalized.originalRange(of: range)
        let place = "\(original.lowerBound + offset)..<\(original.upperBound + offset)"
        return "\(place) \(String(decoding: normalized.utf8[range], as: UTF8.self))"
      }.filter { segmenter.unit != .word || $0.last?.isWhitespace == false }
    }
    let divided = TextStretches(of: segmenter.unit, normalization: normalizer.normalization)
    let parts = stretches(bytes(text), size: size, divided)
    return parts.flatMap { units($0.bytes, from: $0.offset) } == units(bytes(text), from: 0)
  }

  /// Nothing of one text, not its length either, is left when the next begins.
  @Test func whatIsFinishedIsForgotten() {
    let text = bytes("some words of one text")
    var stretches = TextStretches(of: .word)
    let first = [stretches.append(text.span), stretches.finish()].compactMap(\.self)
    let second = [stretches.append(text.span), stretches.finish()].compactMap(\.self)
    #expect(first.count == 2 && second == first)
  }

  @Test(arguments: TextUnit.allCases)
  func stretchesGiveTheUnitsOfTheWhole(unit: TextUnit) throws {
    let segmenter = try TextSegmenter(unit)
    var generator = SeededGenerator(seed: 5)
    for normalization in Self.normalizations {
      let normalizer = try Normalizer(normalization)
      for _ in 0..<300 {
        let text = (0..<8).map { _ in Self.part(using: &generator) }.joined()
        guard !agrees(text, segmenter, normalizer, size: Int.random(in: 1...20, using: &generator))
        else { continue }
        Issue.record("\(normalization): \(text.unicodeScalars.map { String($0.value, radix: 16) })")
        return
      }
    }
  }

  /// A part of a text in which places that may be certain boundaries are frequent.
  private static func part(using generator: inout SeededGenerator) -> String {
    let parts = [
      "It ends. Why? Mr. b went! \u{201C}No\u{201D} (so) ", "\u{597D}\u{3002}\u{6620}\u{753B}",
      "\u{597D}\u{FF01}\u{597D}\u{FF1F}\u{597D}", "a\r\n\n b", "e \u{301}x a ", " &amp; <br /> A",
      "- a \u{2014} b; c", "\u{3002} \u{5F71}", "A. B. c", "\"a\" b) c", "\u{3A3} \u{3A3}a ",
    ]
    return Bool.random(using: &generator)
      ? parts.randomElement(using: &generator) ?? "" : RandomText.make(using: &generator)
  }

  @Test func stretchesGiveTheSubwordsOfTheWhole() throws {
    let encoding = try BytePairEncodingTests.encoding()
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<500 {
      let text = (0..<8).map { _ in Self.part(using: &generator) }.joined()
      let size = Int.random(in: 1...20, using: &generator)
      let ids = stretches(bytes(text), size: size, TextStretches(of: nil)).flatMap {
        encoding.encode(String(decoding: $0.bytes, as: UTF8.self))
      }
      #expect(ids == encoding.encode(text))
    }
  }

  @Test(arguments: [
    (TextUnit.word, "a line without an end, "), (.grapheme, "a line without an end, "),
    (.line, "a line without an end "), (.sentence, "No end. Why not? "),
    (.word, "\u{4E0D}\u{597D}\u{3002}\u{6CA1}\u{6709}"), (.sentence, "\u{597D}\u{3002}"),
  ])
  func aLineWithoutAnEndDoesNotPileUp(unit: TextUnit, piece: String) {
    let text = bytes(String(repeating: piece, count: 20_000))
    let parts = stretches(text, size: 4_096, TextStretches(of: unit))
    let isWhole = parts.reduce(into: [UInt8]()) { $0 += $1.bytes } == text
    #expect(isWhole)
    #expect(parts.allSatisfy { $0.bytes.count < 5_000 })
    for (part, next) in zip(parts, parts.dropFirst()) {
      #expect(next.offset == part.offset + part.bytes.count)
    }
  }

  /// Without a place to cut, stretches end between scalars at a mebibyte and a chunk at most.
  @Test(arguments: [",", "\u{E9}", "\u{1F600}"], [TextUnit.word, .sentence, nil])
  func aTextWithoutAPlaceToCutDoesNotPileUp(character: String, unit: TextUnit?) {
    let text = bytes(String(repeating: character, count: 2_500_000 / character.utf8.count))
    let parts = stretches(text, size: 100_001, TextStretches(of: unit))
    let isWhole = parts.reduce(into: [UInt8]()) { $0 += $1.bytes } == text
    #expect(isWhole)
    #expect(parts.allSatisfy { $0.bytes.count < TextStretches.maximumByteCount + 100_001 })
    #expect(parts.allSatisfy { String(validating: $0.bytes, as: UTF8.self) != nil })
    // Bytes that begin no character at all are cut too.
    let broken = [UInt8](repeating: 0x80, count: 2_200_000)
    let pieces = stretches(broken, size: 100_001, TextStretches(of: unit))
    #expect(pieces.map(\.bytes.count).reduce(0, +) == broken.count && pieces.count > 2)
  }

  /// Steps that look ahead are bounded too, in and out of markup that is never closed.
  @Test(arguments: [",", "<", "<!--,", "\u{E9}"])
  func aTextForReviewStepsWithoutAPlaceToCutDoesNotPileUp(piece: String) {
    let text = bytes(String(repeating: piece, count: 1_300_000 / piece.utf8.count))
    let parts = stretches(text, size: 100_001, TextStretches(of: .word, normalization: .reviews))
    let isWhole = parts.reduce(into: [UInt8]()) { $0 += $1.bytes } == text
    #expect(isWhole)
    #expect(parts.allSatisfy { $0.bytes.count < TextStretches.maximumByteCount + 100_001 })
  }

  /// The heavy check: `SENTI_HEAVY=1 swift test -c release --filter aLineOfAHundredMegabytes`.
  @Test(.timeLimit(.minutes(60)))
  func aLineOfAHundredMegabytesIsCutInLinearTime() throws {
    let isHeavy = ProcessInfo.processInfo.environment["SENTI_HEAVY"] != nil
    let chunk = bytes(String(repeating: "a line without an end, ", count: 10_000))
    let chunkCount = isHeavy ? 440 : 10
    var stream = WordStream(try WordTokenizer())
    var (tokenCount, end) = (0, 0)
    for index in 0...chunkCount {
      let tokens = index < chunkCount ? stream.tokens(in: chunk.span) : stream.finish()
      tokenCount += tokens.count
      end = tokens.last?.byteRange.upperBound ?? end
    }
    #expect(tokenCount == 110_000 * chunkCount && end == chunk.count * chunkCount)
  }
}
