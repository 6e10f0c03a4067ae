import ArgumentParser
import SentiCorpora
import SentiModels
import SentiTensor

/// The labelled texts of a training.
struct TrainingTexts {
  /// The texts to learn from.
  let training: [LabelledText]
  /// The texts to evaluate epochs by.
  let validation: [LabelledText]
  /// The labels, from least to most favourable.
  let labels: [String]
}

/// Which labelled texts a training reads, and which of them it evaluates epochs by.
struct TrainingTextOptions: ParsableArguments {
  @OptionGroup var source: LabelledDataOptions

  @Option(help: .fraction("The fraction of held-out texts (default: a tenth)."))
  var validationShare: Double?

  @Option(help: .count("The number of held-out texts."))
  var validationCount: Int?

  @Option(
    help: .file(
      "A validation set with the same fields; no texts are held out then."),
    completion: .file())
  var validation: String?

  @Option(
    help: .name(
      "The field with a teacher's probabilities, as an object by label or an array in the "
        + "order of the labels; optional in each row."))
  var softLabelField: String?

  @Option(help: .name("The field with the weight of a row in the loss; optional in each row."))
  var weightField: String?

  func validate() throws {
    let given = [validationShare != nil, validationCount != nil, validation != nil]
    guard given.count(where: \.self) < 2 else {
      throw ValidationError(
        "Expected one of --validation, --validation-share and --validation-count, found several.")
    }
    guard (validationShare ?? 0) >= 0, (validationShare ?? 0) < 1, (validationCount ?? 0) >= 0
    else {
      throw ValidationError("Expected --validation-share from 0 to below 1.")
    }
  }

  /// The files and folders that are read.
  var paths: [String?] { [source.data, validation] }

  /// Reads the texts that have labels or soft labels, and holds some out.
  ///
  /// - Parameter seed: The seed by which texts are held out.
  /// - Returns: The texts and their labels.
  /// - Throws: A ``Failure``, where there are fewer than two labels, or a `CorpusError`.
  func read(seed: UInt64) throws -> TrainingTexts {
    let (own, other) = (try corpus(source.data), try validation.map(corpus))
    // What numbers mean follows from all labels together.
    let labels = Set(own.labels).union(other?.labels ?? [])
    let names = try source.labels.names.ownNames(of: labels, in: source.data)
    LabelNames.warnOfLikes(names, in: source.data)
    let named = own.labelledTexts(names)
    let classes = SentimentLabels.sorted(Set(named.flatMap(\.labels)))
    guard classes.count > 1 else {
      throw Failure(
        "\(source.data): expected texts of at least 2 labels, found \(classes.count)", .badData)
    }
    let texts = named.filter { $0.fits(classes) }
    if let validation, let other {
      let held = other.labelledTexts(names)
      try check(held, at: validation, beside: texts, classes)
      return TrainingTexts(training: texts, validation: held, labels: classes)
    }
    var generator = SeededGenerator(seed: seed)
    let held = HeldOut(texts, size: try heldOutSize(of: texts.count), using: &generator)
    return TrainingTexts(training: held.training, validation: held.validation, labels: classes)
  }

  private func corpus(_ path: String) throws -> Corpus {
    let corpus = try Corpus(source.reader(of: path, softLabel: softLabelField, weight: weightField))
    for problem in corpus.problems { Diagnostics.warn("\(problem); left out") }
    return corpus
  }

  /// Refuses validation texts of other labels, and warns of those that are also trained on.
  private func check(
    _ held: [LabelledText], at path: String, beside texts: [LabelledText], _ classes: [String]
  ) throws(Failure) {
    for text in held where text.label.map({ !classes.contains($0) }) ?? true {
      throw Failure(
        "\(text.origin): expected one of the labels \(LabelNames.list(classes)), found "
          + (text.label.map { "\"\($0)\"" } ?? "none"), .badData)
    }
    let known = Set(texts.map(\.text))
    let common = held.count { known.contains($0.text) }
    if common > 0 {
      Diagnostics.warn("\(path): \(Columns.grouped(common)) of its texts are also trained on")
    }
  }

  private func heldOutSize(of count: Int) throws -> HeldOut.Size {
    guard let validationCount else { return .share(validationShare ?? 0.1) }
    guard validationCount < count else {
      throw Failure(
        "\(source.data): expected more than the \(validationCount) texts to hold out, found \(count)",
        .badData)
    }
    return .count(validationCount)
  }
}

extension Corpus {
  /// The texts that have a label or a soft label, by the names of their labels; warns of the others.
  fileprivate func labelledTexts(_ names: [String: String]) -> [LabelledText] {
    texts.compactMap { text in
      let label = text.label.flatMap { SentimentLabels.trimmed($0).isEmpty ? nil : $0 }
      guard label != nil || text.softLabel != nil else {
        Diagnostics.warn("\(text.origin): expected a label, found none; left out")
        return nil
      }
      let name = label.flatMap { names[$0] }
      if name?.isEmpty ?? false { return nil }
      return LabelledText(
        text.text, label: name, softLabel: text.softLabel, weight: text.weight,
        origin: text.origin)
    }
  }
}

extension LabelledText {
  /// The labels that the text names, its own and those of its soft label.
  fileprivate var labels: [String] {
    guard case .named(let named)? = softLabel else { return [label].compactMap(\.self) }
    return [label].compactMap(\.self) + named.keys
  }

  /// Whether the soft label has a probability for each of some labels; warns where it does not.
  fileprivate func fits(_ labels: [String]) -> Bool {
    guard let softLabel, softLabel.probabilities(of: labels) == nil else { return true }
    Diagnostics.warn(
      "\(origin): expected probabilities of \(labels.joined(separator: ", ")), found "
        + "\(softLabel.count); left out")
    return false
  }
}
