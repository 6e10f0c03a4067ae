#if canImport(NaturalLanguage)
  import NaturalLanguage
#else
  import SentiNaturalLanguage
#endif

/// What language a text is in and how sure that is, as apps for Apple's platforms ask for it.
func language(of text: String, among languages: [NLLanguage]) -> (NLLanguage, Double)? {
  let recognizer = NLLanguageRecognizer()
  recognizer.languageConstraints = languages
  recognizer.processString(text)
  guard let language = recognizer.dominantLanguage else { return nil }
  return (language, recognizer.languageHypotheses(withMaximum: 1)[language] ?? 0)
}

/// The scripts of the words of a text, in the language of each of its halves.
func scripts(of text: String, from middle: String.Index, in languages: [NLLanguage]) -> [String] {
  let tagger = NLTagger(tagSchemes: [.script, .language])
  tagger.string = text
  tagger.setLanguage(languages[0], range: text.startIndex..<middle)
  tagger.setLanguage(languages[1], range: middle..<text.endIndex)
  var scripts: [String] = []
  tagger.enumerateTags(
    in: text.startIndex..<text.endIndex, unit: .word, scheme: .script, options: .omitWhitespace
  ) { tag, _ in
    scripts.append(tag?.rawValue ?? "")
    return true
  }
  return scripts
}
