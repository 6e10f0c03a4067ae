internal import SentiText

extension Evaluation {
  /// Lays the evaluation out as text in columns, for people.
  ///
  /// - Returns: Lines of at most some 80 characters, for two or three classes, each with a line
  ///   feed at its end.
  public func table() -> String {
    [summary, classTable, confusionTable].joined(separator: "\n")
  }

  private var summary: String {
    let rows = [
      ["examples", String(exampleCount)],
      ["accuracy", decimal(accuracy)],
      ["macro F1", decimal(macroF1)],
      ["ROC AUC", rocAUC.map { decimal($0) } ?? "-"],
      ["log loss, nats", decimal(logLoss)],
      ["Brier score", decimal(brierScore)],
      ["expected calibration error", decimal(expectedCalibrationError)],
      ["adaptive calibration error", decimal(adaptiveCalibrationError)],
    ]
    return aligned(rows)
  }

  private var classTable: String {
    let heading = ["class", "precision", "recall", "F1", "support"]
    let rows = classes.map { scores in
      [
        scores.label.excerpt, decimal(scores.precision), decimal(scores.recall), decimal(scores.f1),
        String(scores.support),
      ]
    }
    return aligned([heading] + rows)
  }

  private var confusionTable: String {
    let heading = ["true, predicted:"] + classes.map(\.label.excerpt)
    let rows = zip(classes, confusionMatrix).map { [$0.label.excerpt] + $1.map(String.init) }
    return aligned([heading] + rows)
  }
}

/// Lines of columns as wide as their widest cell: the first starts, all others end, together.
func aligned(_ rows: [[String]]) -> String {
  let columns = rows.first?.indices ?? 0..<0
  let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
  let lines = rows.map { row in
    let cells = columns.map { column in
      let space = String(repeating: " ", count: widths[column] - row[column].count)
      return column == 0 ? row[column] + space : space + row[column]
    }
    return cells.joined(separator: "  ") + "\n"
  }
  return lines.joined()
}

/// A value with digits after the point, four unless given.
func decimal(_ value: Double, digits count: Int = 4) -> String {
  let scale = (0..<count).reduce(1.0) { scale, _ in scale * 10 }
  guard (value * scale).magnitude < 0x1p62 else { return "\(value)" }
  let digits = String(Int((value * scale).rounded()))
  guard count > 0 else { return digits }
  let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
  return "\(padded.dropLast(count)).\(padded.suffix(count))"
}
