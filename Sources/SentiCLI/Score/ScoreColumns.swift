import SentiCorpora
import SentiModels

/// What is added to a scored row.
struct ScoreColumns {
  /// The labels of the model.
  let labels: [String]
  /// What a row is written for.
  var unit = ScoreUnit.row
  /// Whether each label's probability is added.
  let hasProbabilities: Bool
  /// Whether the running scores are added.
  var hasTimeline = false
  /// Whether each sentence's own prediction is added.
  var hasSentences = false
  /// Whether what each word contributed is added.
  var hasExplanation = false
  /// Whether a sentence's text is added, for rows that have no column for it.
  var hasText = false
  /// Which texts have no label; nil: all have one.
  var abstention: Abstention?
  /// What stands before each name.
  var prefix = ""

  /// The names of the added values, in order.
  var names: [String] {
    let place = unit == .sentence ? ["row", "sentence", "start", "end"] : []
    let names =
      place + (hasText ? ["text"] : []) + ["label", "probability", "score"]
      + (hasProbabilities ? labels : []) + (hasTimeline ? ["mixed", "timeline"] : [])
      + (hasSentences ? ["sentences"] : []) + (hasExplanation ? ["explanation"] : []) + ["error"]
    return names.map { prefix + $0 }
  }

  /// The added values of a row; all but the error are missing where there is one.
  func values(_ scored: ScoredRow<InputRow>, error: String?) -> [AddedValue] {
    if let error { return Array(repeating: .missing, count: names.count - 1) + [.text(error)] }
    var values = values(scored.prediction)
    if hasTimeline, let timeline = scored.timeline {
      values += [.json("\(timeline.isMixed)"), .json(timeline.json.text)]
    }
    if hasSentences, let sentences = scored.sentences {
      values.append(.json(JSONValue.array(sentences.map(json)).text))
    }
    if hasExplanation, let explanation = scored.explanation {
      values.append(.json(json(explanation).text))
    }
    return values + [.missing]
  }

  /// The added values of a row of a sentence.
  ///
  /// - Parameters:
  ///   - sentence: The sentence; nil for a text that cannot be scored.
  ///   - place: The number of the row that it is from, and its own in there, both from 1.
  ///   - text: What the sentence says.
  ///   - error: Why the text cannot be scored.
  /// - Returns: A value for each of ``names``.
  func values(
    _ sentence: ScoredSentence?, at place: (row: Int, sentence: Int), text: ArraySlice<UInt8>,
    error: String?
  ) -> [AddedValue] {
    let row = AddedValue.json("\(place.row)")
    guard let sentence else {
      let missing = Array(repeating: AddedValue.missing, count: names.count - 2)
      return [row] + missing + [error.map { .text($0) } ?? .missing]
    }
    let range = sentence.byteRange
    var values: [AddedValue] = [row]
    values += [place.sentence, range.lowerBound, range.upperBound].map { AddedValue.json("\($0)") }
    if hasText { values.append(.text(String(decoding: text, as: UTF8.self))) }
    return values + self.values(sentence.prediction) + [.missing]
  }

  private func values(_ prediction: SentimentPrediction) -> [AddedValue] {
    var values: [AddedValue] = [
      .text(label(of: prediction)), .number(prediction.probability), .number(prediction.score),
    ]
    if hasProbabilities { values += prediction.probabilities.map { .number($0) } }
    return values
  }

  private func label(of prediction: SentimentPrediction) -> String {
    abstention?.label(of: prediction) ?? prediction.label
  }

  /// An explanation as JSON; of each word its place in bytes and its contribution, those of 0 left out.
  private func json(_ explanation: SentimentExplanation) -> JSONValue {
    let words = explanation.words.filter { $0.contribution != 0 }.map { word in
      JSONValue.array([
        .integer(word.byteRange.lowerBound), .integer(word.byteRange.upperBound),
        // In the digits of single precision, in which it was computed.
        .encoded("\(Float(word.contribution))"),
      ])
    }
    return .object([
      "label": .string(labels[explanation.labelIndex]),
      "difference": .number(explanation.difference), "baseline": .number(explanation.baseline),
      "words": .array(words),
    ])
  }

  /// A sentence's own prediction as JSON, with its place in bytes.
  private func json(_ sentence: ScoredSentence) -> JSONValue {
    let (range, prediction) = (sentence.byteRange, sentence.prediction)
    return .object([
      "start": .integer(range.lowerBound), "end": .integer(range.upperBound),
      "label": .string(label(of: prediction)), "probability": .number(prediction.probability),
      "score": .number(prediction.score),
    ])
  }
}

extension SentimentTimeline {
  /// The running scores as JSON, each with its sentence's place in bytes.
  var json: JSONValue {
    .array(
      points.map { point in
        .object([
          "start": .integer(point.byteRange.lowerBound),
          "end": .integer(point.byteRange.upperBound),
          "score": .number(point.score),
        ])
      })
  }
}
