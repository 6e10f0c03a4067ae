import SentiTestSupport

/// Rows as `senti score` writes them, with an id that holds the true label.
enum ScoredRowsFile {
  /// A pile of which the first seven of ten are positive; the answers are right in nine of ten.
  ///
  /// - Parameter count: The number of rows.
  /// - Returns: The table.
  static func csv(_ count: Int) -> String {
    let rows = (0..<count).map { index in
      let truth = index % 10 < 7 ? "positive" : "negative"
      let isRight = (index / 10) % 10 != 3
      let label = isRight ? truth : truth == "positive" ? "negative" : "positive"
      let probability = 0.55 + 0.44 * Double(index % 89) / 88
      let score = (label == "positive" ? 1 : -1) * (2 * probability - 1)
      return "\(truth)-\(index),\"the text, \(index)\",\(label),\(probability),\(score),\n"
    }
    return "id,text,label,probability,score,error\n" + rows.joined()
  }

  /// A sample with its column for the true label filled in from the ids.
  static func labelled(_ sample: String) -> String {
    let lines = sample.split(separator: "\n")
    let rows = lines.dropFirst().map { line in
      line + (line.split(separator: "-")[0].hasSuffix("positive") ? "pos" : "neg")
    }
    return ([String(lines[0])] + rows.map(String.init)).joined(separator: "\n") + "\n"
  }
}
