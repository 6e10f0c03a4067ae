extension Chart {
  /// The most bins of a reliability diagram.
  private static var binCount: Int { 15 }

  /// A reliability diagram: how often predictions are right, against how probable they are said to be.
  ///
  /// Bins hold equally many predictions, and bars are 95 % intervals; what is honest lies on the diagonal.
  ///
  /// - Parameters:
  ///   - sets: Predictions with the truth, and what they are called.
  ///   - title: The heading.
  /// - SeeAlso: Niculescu-Mizil and Caruana 2005, <https://doi.org/10.1145/1102351.1102430>.
  public init(
    reliabilityOf sets: [(name: String, examples: ScoredExamples)],
    title: String = "Reliability"
  ) {
    let diagonal = Series("honest", .line, [Point(0, 0), Point(1, 1)])
    let errors = sets.map { name, examples in
      let error = Evaluation.adaptiveCalibrationError(of: examples)
      return "\(name): calibration error \(ChartScale.number(100 * error, digits: 2)) %"
    }
    self.init(
      title, x: Axis("mean probability of the answers", range: 0...1),
      y: Axis("fraction that is right", range: 0...1),
      series: [diagonal] + sets.map { Series($0.name, .line, Self.bins(of: $0.examples)) },
      alternative: errors.joined(separator: "; "))
  }

  /// The mean confidence and the accuracy of equally many predictions each.
  private static func bins(of examples: ScoredExamples) -> [Point] {
    let answers = (0..<examples.count).map { example in
      let label = examples.predictedLabels[example]
      return (
        confidence: examples.probability(of: label, inExample: example),
        isRight: label == examples.trueLabels[example]
      )
    }.sorted { $0.confidence < $1.confidence }
    let count = min(binCount, max(1, answers.count / 10))
    return (0..<count).compactMap { bin in
      let part = answers[bin * answers.count / count..<(bin + 1) * answers.count / count]
      guard !part.isEmpty else { return nil }
      let right = Proportion(part.count { $0.isRight }, of: part.count)
      let mean = part.reduce(0) { $0 + $1.confidence } / Double(part.count)
      return Point(mean, right.fraction ?? 0, interval: right.interval)
    }
  }

  /// The accuracy on the texts of which a classifier is most sure, against their fraction.
  ///
  /// - Parameter curve: The curve.
  public init(coverage curve: CoverageCurve) {
    let points = (1...50).compactMap { curve.point(at: Double($0) / 50) }
    let half = curve.point(at: 0.5)
    let all = curve.point(at: 1)
    func percent(_ point: CoverageCurve.Point?) -> String {
      ChartScale.number(100 * (point?.accuracy ?? 0), digits: 1) + " %"
    }
    self.init(
      "Accuracy against coverage", x: Axis("fraction of texts that are answered", range: 0...1),
      y: Axis("accuracy"),
      series: [Series("accuracy", .line, points.map { Point($0.coverage, $0.accuracy) })],
      alternative:
        "accuracy is \(percent(all)) on all texts and \(percent(half)) on the surest half")
  }
}

extension ChartPage {
  /// A page of what an evaluation found: reliability, coverage, confusion matrix, classes.
  ///
  /// - Parameters:
  ///   - evaluation: The figures.
  ///   - examples: The predictions, and the truth.
  ///   - title: The heading.
  public init(_ evaluation: Evaluation, of examples: ScoredExamples, title: String) {
    self.init(title: title)
    add(Chart(reliabilityOf: [("answers", examples)]))
    add(Chart(coverage: CoverageCurve(of: examples)))
    add(
      "Confusion matrix", columns: ["true label"] + examples.labels.map { "answered \($0)" },
      rows: zip(examples.labels, evaluation.confusionMatrix).map { label, counts in
        [label] + counts.map { "\($0)" }
      })
    add(
      "Labels", columns: ["label", "precision", "recall", "F1", "texts"],
      rows: evaluation.classes.map { scores in
        [scores.label]
          + [scores.precision, scores.recall, scores.f1].map { ChartScale.number($0, digits: 4) }
          + ["\(scores.support)"]
      })
  }
}
