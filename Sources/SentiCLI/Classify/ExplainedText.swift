import SentiModels

/// A text with the explanation of its answer.
struct ExplainedText {
  let explanation: SentimentExplanation
  /// The text, in UTF-8.
  let bytes: [UInt8]
  /// What the answer is without each sentence; nil: nobody asked.
  let sentences: [SentenceEffect]?

  init(_ explanation: SentimentExplanation, in bytes: [UInt8], sentences: [SentenceEffect]?) {
    self.explanation = explanation
    self.bytes = bytes
    self.sentences = sentences
  }

  /// The columns of a table that hold an explanation, and the one for sentences.
  static let columns = ["difference", "baseline", "sum", "gap", "steps", "words"]
  static let sentencesColumn = "sentences"

  /// The text at a range of bytes.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// What a reader should know of the explanation.
  var warnings: [String] {
    guard !explanation.isComplete else { return [] }
    let gap = Columns.signed(explanation.gap, digits: 2)
    let difference = Columns.signed(explanation.difference, digits: 2)
    return ["after \(explanation.stepCount) steps words lack \(gap) of log-odds of \(difference)"]
  }

  /// The explanation as members of an object.
  var members: [JSONValue.Member] {
    let words = explanation.words.map { word in
      JSONValue.object([
        "start": .integer(word.byteRange.lowerBound), "end": .integer(word.byteRange.upperBound),
        "text": .string(text(word.byteRange)), "contribution": .number(word.contribution),
        "known": .boolean(word.isKnown),
      ])
    }
    var members = JSONValue.Member.list([
      "difference": .number(explanation.difference), "baseline": .number(explanation.baseline),
      "sum": .number(explanation.sum), "gap": .number(explanation.gap),
      "steps": .integer(explanation.stepCount), "words": .array(words),
    ])
    if let sentences {
      members.append(.init(name: Self.sentencesColumn, value: .array(sentences.map(json))))
    }
    return members
  }

  private func json(_ sentence: SentenceEffect) -> JSONValue {
    .object([
      "start": .integer(sentence.byteRange.lowerBound),
      "end": .integer(sentence.byteRange.upperBound), "effect": .number(sentence.effect),
      "probability": .number(sentence.probability),
    ])
  }
}
