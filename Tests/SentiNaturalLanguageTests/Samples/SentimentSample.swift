#if canImport(NaturalLanguage)
  import NaturalLanguage
#else
  import SentiNaturalLanguage
#endif

/// The sentiment of each paragraph of a text, as apps for Apple's platforms ask for it.
func sentiments(of text: String) -> [Double] {
  let tagger = NLTagger(tagSchemes: [.sentimentScore])
  tagger.string = text
  return tagger.tags(
    in: text.startIndex..<text.endIndex, unit: .paragraph, scheme: .sentimentScore,
    options: [.omitPunctuation, .omitWhitespace, .joinNames]
  ).compactMap { tag, _ in tag.flatMap { Double($0.rawValue) } }
}
