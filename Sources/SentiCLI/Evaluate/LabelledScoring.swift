import ArgumentParser
import SentiCorpora
import SentiModels
import SentiText

/// Labelled texts that models are judged by.
struct LabelledTestOptions: ParsableArguments {
  @OptionGroup var source: LabelledDataOptions

  @Option(help: "Progress on standard error: a bar on a terminal, JSON Lines, or none.")
  var progress = ProgressStyle.auto

  /// What messages call the texts.
  var name: String { source.data }

  /// Whether nothing is said of how labelled texts are read.
  var isPlain: Bool { source.isPlain }

  /// Scores all texts, and notes their groups where a field is named, with classifiers that have the same labels.
  ///
  /// - Throws: A ``Failure`` where there is no text, or where the data's labels are not the models'.
  func scored(
    by classifiers: [SentimentClassifier], threadCount: Int, group: String? = nil
  ) throws -> LabelledScoring {
    let map = try LabelMap(source.labels.names, modelLabels: classifiers[0].labels)
    var scoring = LabelledScoring(classifiers, map: map, threadCount: threadCount)
    var reporter = TextReporter(progress, byteCount: source.byteCount)
    defer { reporter.clear() }
    try scoring.add(source.reader(of: source.data, group: group), &reporter)
    return scoring
  }
}

/// Scores labelled texts, window by window, with classifiers that have the same labels.
///
/// What numbers mean is known when all labels are; until then texts are kept by their labels.
struct LabelledScoring {
  private(set) var tally = InputTally()
  private(set) var leftOutCount = 0
  private var labels: [String: Int] = [:]
  private var labelOfText: [Int] = []
  /// The probabilities that each classifier gives, those of one text after the other.
  private var probabilities: [[Double]]
  /// What each classifier says of the texts; empty before all of them were scored.
  private(set) var examples: [ScoredExamples] = []
  /// The place of each example among all texts, from 0.
  private(set) var itemOfExample: [Int] = []
  /// How many texts the first classifier was trained on; nil where it does not say.
  private(set) var overlap: TextFingerprints.Overlap?
  private var itemCount = 0
  private var itemOfText: [Int] = []
  private var groups: [String: Int] = [:]
  private var groupOfText: [Int] = []
  private let classifiers: [SentimentClassifier]
  private let map: LabelMap
  private let threadCount: Int

  init(_ classifiers: [SentimentClassifier], map: LabelMap, threadCount: Int) {
    probabilities = classifiers.map { _ in [] }
    overlap = classifiers[0].card.trainingTexts.map { _ in .init() }
    self.classifiers = classifiers
    self.map = map
    self.threadCount = threadCount
  }

  /// What each classifier comes to; nil where there was no text.
  var evaluations: [Evaluation?] { examples.map { Evaluation(of: $0) } }

  /// The group of each example; empty for one that has none.
  ///
  /// - Complexity: O(texts).
  var groupOfExample: [String] {
    var names = [String](repeating: "", count: groups.count)
    for (name, index) in groups { names[index] = name }
    let groupOfItem = Dictionary(uniqueKeysWithValues: zip(itemOfText, groupOfText))
    return itemOfExample.map { groupOfItem[$0].map { names[$0] } ?? "" }
  }

  /// Scores all texts of a corpus.
  ///
  /// - Throws: A ``Failure`` where the data's labels are not the model's, or where a net's answer is no
  ///   number.
  mutating func add(_ texts: CorpusReader, _ reporter: inout TextReporter) throws {
    var windows = Windows(texts, size: { (try? $0.get().text.utf8.count) ?? 0 })
    reporter.report(count: 0, fraction: nil)
    while let window = windows.next() {
      try add(window, from: windows.rest)
      reporter.report(
        count: labelOfText.count,
        fraction: windows.rest.fractionRead(ofBytes: reporter.byteCount))
    }
    reporter.clear()
    try conclude(texts.path)
  }

  /// Scores the texts of a window; `reader` has those that are still to come.
  private mutating func add(
    _ window: [Result<LabelledText, CorpusError>], from reader: CorpusReader
  ) throws {
    let labels = window.compactMap { try? $0.get().label }
    guard !labels.contains(where: { self.labels[$0] == nil && map.isHopeless($0) }) else {
      throw mismatch(labels, reader)
    }
    let texts = window.compactMap { item in
      itemCount += 1
      return labelled(item).map { (text: $0.text, label: $0.label, item: itemCount - 1) }
    }
    let predictions = classifiers.map {
      $0.predictions(forUTF8: texts.map { Array($0.text.text.utf8) }, threadCount: threadCount)
    }
    for (row, entry) in texts.enumerated() {
      let isAdded = try add(predictions.map { $0[row] }, of: entry.text, label: entry.label)
      if isAdded { itemOfText.append(entry.item) }
    }
  }

  /// The text with its label, or nil and a report.
  private mutating func labelled(
    _ item: Result<LabelledText, CorpusError>
  ) -> (text: LabelledText, label: String)? {
    switch item {
    case .success(let text):
      if let label = text.label, !SentimentLabels.trimmed(label).isEmpty { return (text, label) }
      fail(Failure("\(text.origin): expected a label, found none", .badData))
    case .failure(let error): fail(Failure(error))
    }
    return nil
  }

  private mutating func add(
    _ predictions: [SentimentPrediction], of text: LabelledText, label: String
  ) throws -> Bool {
    guard predictions.allSatisfy({ $0.tokenCount > 0 }) else {
      fail(Failure("\(text.origin): expected words, found none", .badData))
      return false
    }
    guard predictions.allSatisfy(\.isFinite) else {
      throw Failure("\(text.origin): \(Failure.undefinedAnswer)", .badData)
    }
    labelOfText.append(labels[label, default: labels.count])
    if labels[label] == nil { labels[label] = labels.count }
    let group = text.group ?? ""
    groupOfText.append(groups[group, default: groups.count])
    if groups[group] == nil { groups[group] = groups.count }
    compareWithTraining(text.text)
    for (index, prediction) in predictions.enumerated() {
      probabilities[index] += prediction.probabilities.values
    }
    tally.succeed()
    return true
  }

  private mutating func compareWithTraining(_ text: String) {
    guard let known = classifiers[0].card.trainingTexts, var overlap else { return }
    known.add(text, to: &overlap)
    self.overlap = overlap
  }

  private mutating func fail(_ failure: Failure) {
    leftOutCount += 1
    tally.fail(failure)
  }

  // MARK: Labels

  /// Turns labels into classes, now that all of them are known.
  private mutating func conclude(_ path: String) throws {
    let classes = try map.classes(of: Set(labels.keys), in: path)
    var classOfLabel = [Int?](repeating: nil, count: labels.count)
    for (label, index) in labels { classOfLabel[index] = classes[label] }
    examples = zip(classifiers, probabilities).map { classifier, probabilities in
      var examples = ScoredExamples(labels: classifier.labels)
      let width = classifier.labels.count
      for (text, label) in labelOfText.enumerated() {
        guard let modelClass = classOfLabel[label] else { continue }
        let row = Array(probabilities[text * width..<(text + 1) * width])
        examples.append(trueLabel: modelClass, probabilities: row)
      }
      return examples
    }
    itemOfExample = zip(itemOfText, labelOfText).compactMap { item, label in
      classOfLabel[label].map { _ in item }
    }
    probabilities = []
    noteLeftOut(labels.keys.filter { classes[$0] == nil }, path)
  }

  private mutating func noteLeftOut(_ names: [String], _ path: String) {
    let count = labelOfText.count { label in names.contains { labels[$0] == label } }
    guard count > 0 else { return }
    leftOutCount += count
    Diagnostics.note(
      "\(path): \(Columns.grouped(count)) texts left out, for the model has no class for "
        + LabelNames.list(names))
  }

  /// Names all labels of the data, also those that are still unread.
  private func mismatch(_ labels: [String], _ reader: CorpusReader) -> Failure {
    var labels = Set(labels).union(self.labels.keys)
    for case .success(let text) in reader { labels.formUnion([text.label].compactMap(\.self)) }
    return map.mismatch(reader.path, found: labels)
  }
}
