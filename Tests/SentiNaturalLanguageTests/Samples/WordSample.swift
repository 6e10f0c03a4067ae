#if canImport(NaturalLanguage)
  import NaturalLanguage
#else
  import SentiNaturalLanguage
#endif

/// The words of a text, as apps for Apple's platforms ask for them.
func words(of text: String) -> [String] {
  let tokenizer = NLTokenizer(unit: .word)
  tokenizer.string = text
  tokenizer.setLanguage(.english)
  var words: [String] = []
  tokenizer.enumerateTokens(in: text.startIndex..<text.endIndex) { range, attributes in
    if !attributes.contains(.numeric) { words.append(String(text[range])) }
    return true
  }
  return words
}
