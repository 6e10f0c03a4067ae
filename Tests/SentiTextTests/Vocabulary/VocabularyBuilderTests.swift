import SentiText
import Testing

@Suite("Vocabulary builder")
struct VocabularyBuilderTests {
  private static let texts = [
    "Good film, good cast.", "Bad film<br />bad!", "\u{E9}t\u{E9} \u{1F600}", "zebra apple", "",
  ]

  private func builder(_ texts: [String]) throws -> VocabularyBuilder {
    var builder = try VocabularyBuilder(normalization: .reviews1)
    for text in texts { builder.add(text) }
    return builder
  }

  private func words(_ vocabulary: Vocabulary) -> [String] {
    vocabulary.entries.map(\.word)
  }

  @Test func orderIsSpecialThenCountThenBytes() throws {
    let vocabulary = try builder(Self.texts).vocabulary()
    #expect(
      words(vocabulary) == SpecialTokens.names + [
        "bad", "film", "good", "!", ",", ".", "apple", "cast", "zebra", "\u{E9}t\u{E9}",
        "\u{1F600}",
      ])
  }

  @Test func anyDivisionAndOrderGivesTheSameBytes() throws {
    let expected = try builder(Self.texts).vocabulary(minimumCount: 1).serialized()
    for cut in 0...Self.texts.count {
      var right = try builder(Array(Self.texts[cut...].reversed()))
      right.merge(try builder(Array(Self.texts[..<cut])))
      #expect(right.vocabulary(minimumCount: 1).serialized() == expected)
    }
  }

  @Test func rareWordsAreLeftOutAndCounted() throws {
    let builder = try builder(Self.texts)
    let vocabulary = builder.vocabulary(minimumCount: 2)
    #expect(words(vocabulary) == SpecialTokens.names + ["bad", "film", "good"])
    #expect(vocabulary.frequency(of: .unknown) == 8)
    #expect(vocabulary.frequency(of: .start) == 5)
    #expect(vocabulary.header.minimumCount == 2)
    #expect(builder.tokenCount == 14 && builder.distinctWordCount == 11 && builder.textCount == 5)
  }

  @Test func sizeIncludesTheSpecialTokens() throws {
    let vocabulary = try builder(Self.texts).vocabulary(maximumSize: 5)
    #expect(words(vocabulary) == SpecialTokens.names + ["bad"])
    #expect(try builder(Self.texts).vocabulary(maximumSize: 0).count == 4)
  }

  @Test func reservedTokensFollowTheSpecialOnes() throws {
    let vocabulary = try builder(Self.texts).vocabulary(
      maximumSize: 6, reservedTokens: ["<mask>"])
    #expect(words(vocabulary) == SpecialTokens.names + ["<mask>", "bad"])
    #expect(vocabulary.isSpecial(TokenID(rawValue: 4)))
  }

  @Test func bytesAndStringsCountAlike() throws {
    var other = try VocabularyBuilder(normalization: .reviews1)
    for text in Self.texts { other.add(utf8: bytes(text).span) }
    #expect(
      try other.vocabulary().serialized() == builder(Self.texts).vocabulary().serialized())
    #expect(other.normalization == .reviews1 && other.locale == "")
  }

  @Test func repeatedReservedTokenIsTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      let builder = try VocabularyBuilder(normalization: .none)
      _ = builder.vocabulary(reservedTokens: ["<pad>"])
    }
  }

  @Test func foreignCountsAreTheCallersMistake() async {
    await #expect(processExitsWith: .failure) {
      var builder = try VocabularyBuilder(normalization: .none)
      builder.merge(try VocabularyBuilder(normalization: .reviews1))
    }
  }
}

@Suite("Vocabulary coverage")
struct VocabularyCoverageTests {
  @Test func sharesCountTokensAndTypes() throws {
    var first = try VocabularyBuilder(normalization: .none)
    first.add("a b c")
    var second = try VocabularyBuilder(normalization: .none)
    second.add("a a a d")
    let coverage = second.coverage(by: first.vocabulary())
    #expect(coverage.tokenCount == 4 && coverage.knownTokenCount == 3)
    #expect(coverage.typeCount == 2 && coverage.knownTypeCount == 1)
    #expect(coverage.tokenShare == 0.75 && coverage.typeShare == 0.5)
    #expect(coverage.outOfVocabularyRate == 0.25)
  }

  @Test func noTokensAreAllKnown() throws {
    let builder = try VocabularyBuilder(normalization: .none)
    #expect(builder.coverage(by: builder.vocabulary()).tokenShare == 1)
  }
}
