extension Chart {
  /// Learning curves: the loss, and where it is known the accuracy and the BLEU, of each epoch.
  ///
  /// - Parameter history: The figures of each epoch.
  /// - Returns: A chart of each figure that there is; the loss first.
  public static func learningCurves(_ history: [EpochRecord]) -> [Chart] {
    let accuracies = [
      ("training", history.map { Optional($0.trainingAccuracy) }),
      ("validation", history.map(\.validationAccuracy)),
    ]
    let charts = [
      chart(
        "Loss", "mean loss, in nats",
        [
          ("training", history.map { Optional($0.trainingLoss) }),
          ("validation", history.map(\.validationLoss)),
        ], history),
      // A language model counts no right answers: its softmax is sampled.
      history.contains { $0.trainingAccuracy > 0 }
        ? chart("Accuracy", "accuracy", accuracies, history) : nil,
      chart("BLEU", "BLEU, in percent", [("validation", history.map(\.validationBLEU))], history),
    ]
    return charts.compactMap(\.self)
  }

  private static func chart(
    _ title: String, _ label: String, _ figures: [(name: String, values: [Double?])],
    _ history: [EpochRecord]
  ) -> Chart? {
    let known = figures.filter { $0.values.contains { $0 != nil } }
    guard !known.isEmpty else { return nil }
    let series = known.map { name, values in
      Series(
        name, .line, zip(history, values).map { Point(Double($0.epoch), $1 ?? .nan) })
    }
    let ends = known.map { name, values in
      let found = values.compactMap(\.self)
      let (first, last) = (found.first ?? 0, found.last ?? 0)
      return "\(name) from \(ChartScale.number(first, digits: 4)) to "
        + ChartScale.number(last, digits: 4)
    }
    return Chart(
      title, x: Axis("epoch"), y: Axis(label), series: series,
      alternative: ends.joined(separator: ", ") + " in \(history.count) epochs")
  }
}
