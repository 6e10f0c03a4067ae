import SentiCorpora
import SentiModels

/// What is added to a scored row.
struct ScoreColumns {
  /// The labels of the model.
  let labels: [String]
  /// Whether each label's probability is added.
  let hasProbabilities: Bool
  /// Whether the running scores are added.
  let hasTimeline: Bool
  /// What stands before each name.
  var prefix = ""

  /// The names of the added values, in order.
  var names: [String] {
    let names =
      ["label", "probability", "score"] + (hasProbabilities ? labels : [])
      + (hasTimeline ? ["mixed", "timeline"] : []) + ["error"]
    return names.map { prefix + $0 }
  }

  /// The added values of a row; all but the error are missing where there is one.
  func values(_ scored: ScoredRow<InputRow>, error: String?) -> [AddedValue] {
    if let error { return Array(repeating: .missing, count: names.count - 1) + [.text(error)] }
    let prediction = scored.prediction
    var values: [AddedValue] = [
      .text(prediction.label), .number(prediction.probability), .number(prediction.score),
    ]
    if hasProbabilities { values += prediction.probabilities.map { .number($0) } }
    if hasTimeline, let timeline = scored.timeline {
      values += [.json("\(timeline.isMixed)"), .json(timeline.json.text)]
    }
    return values + [.missing]
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
