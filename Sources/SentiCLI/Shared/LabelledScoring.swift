import ArgumentParser
import SentiCorpora
import SentiModels

/// Labelled texts that models are judged by.
struct LabelledTestOptions: ParsableArguments {
  @OptionGroup var source: LabelledDataOptions

  @Option(
    help: ArgumentHelp(
      "What a label of the data means to the model; may be given many times.",
      valueName: "label=label"))
  var labelMap: [LabelPair] = []

  /// What messages call the texts.
  var name: String { source.data }

  /// Whether nothing is said of how labelled texts are read.
  var isPlain: Bool { source.isPlain && labelMap.isEmpty }

  /// Scores all texts with classifiers that have the same labels.
  func scored(by classifiers: [SentimentClassifier], threadCount: Int) throws -> LabelledScoring {
    let map = try LabelMap(labelMap, modelLabels: classifiers[0].labels)
    var scoring = LabelledScoring(classifiers, map: map, threadCount: threadCount)
    try scoring.add(source.reader())
    return scoring
  }
}

/// Scores labelled texts, window by window, with classifiers that have the same labels.
struct LabelledScoring {
  private(set) var tally = InputTally()
  private(set) var leftOutCount = 0
  private var examples: [ScoredExamples]
  private let classifiers: [SentimentClassifier]
  private let map: LabelMap
  private let threadCount: Int

  init(_ classifiers: [SentimentClassifier], map: LabelMap, threadCount: Int) {
    examples = classifiers.map { ScoredExamples(labels: $0.labels) }
    self.classifiers = classifiers
    self.map = map
    self.threadCount = threadCount
  }

  /// What each classifier comes to; nil where there was no text.
  var evaluations: [Evaluation?] { examples.map { Evaluation(of: $0) } }

  /// Scores all texts of a corpus.
  ///
  /// - Throws: A ``Failure`` where the data's labels are not the model's.
  mutating func add(_ texts: CorpusReader) throws {
    for window in Windows(texts, size: { (try? $0.get().text.utf8.count) ?? 0 }) {
      try add(window, from: texts)
    }
  }

  /// Scores the texts of a window; `reader` has those that are still to come.
  private mutating func add(
    _ window: [Result<LabelledText, CorpusError>], from reader: CorpusReader
  ) throws {
    let labels = window.compactMap { try? $0.get().label }
    guard labels.allSatisfy({ map.modelClass(of: $0) != nil }) else {
      throw mismatch(labels, reader)
    }
    let texts = window.compactMap { labelled($0) }
    let predictions = classifiers.map {
      $0.predictions(forUTF8: texts.map { Array($0.text.text.utf8) }, threadCount: threadCount)
    }
    for (row, (text, modelClass)) in texts.enumerated() {
      add(predictions.map { $0[row] }, of: text, modelClass: modelClass)
    }
  }

  /// The text with its class, or nil and a report.
  private mutating func labelled(
    _ item: Result<LabelledText, CorpusError>
  ) -> (text: LabelledText, modelClass: Int)? {
    switch item {
    case .success(let text):
      if let modelClass = text.label.flatMap(map.modelClass) { return (text, modelClass) }
      fail(Failure("\(text.origin): expected a label, found none", .badData))
    case .failure(let error): fail(Failure(error))
    }
    return nil
  }

  private mutating func add(
    _ predictions: [SentimentPrediction], of text: LabelledText, modelClass: Int
  ) {
    guard predictions.allSatisfy({ $0.tokenCount > 0 }) else {
      return fail(Failure("\(text.origin): expected words, found none", .badData))
    }
    for (index, prediction) in predictions.enumerated() {
      examples[index].append(trueLabel: modelClass, probabilities: prediction.probabilities.values)
    }
    tally.succeed()
  }

  private mutating func fail(_ failure: Failure) {
    leftOutCount += 1
    tally.fail(failure)
  }

  /// Names all labels of the data, also those that are still unread.
  private func mismatch(_ labels: [String], _ reader: CorpusReader) -> Failure {
    var labels = Set(labels)
    for case .success(let text) in reader { labels.formUnion([text.label].compactMap(\.self)) }
    return map.mismatch(reader.path, found: labels.sorted())
  }
}
