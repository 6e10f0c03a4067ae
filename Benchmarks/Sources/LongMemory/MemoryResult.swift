internal import Foundation

/// What an experiment came to, as it stands in the JSON file.
struct MemoryResult: Encodable {
  let experiment: String
  let settings: MemorySettings
  let stepCount: Int
  let loss: Double
  let goal: Double
  let isSolved: Bool
  let stateGradientNorms: [Double]
  /// The norm of the gradient of the first state, as a share of the last one's.
  let firstStateShare: Double
  /// Whether a cell with gates solved it; or the simple one did not, since the gradient vanished.
  let isAsExpected: Bool

  /// Below this share the first state's gradient has vanished: beside the last one's it is lost in the
  /// rounding of single precision.
  private static let vanishedShare = 1e-6

  init(_ training: MemoryTraining, loss: Double, goal: Double) {
    (experiment, settings) = (training.experiment.rawValue, training.settings)
    (stepCount, self.loss, self.goal) = (training.stepCount, loss, goal)
    isSolved = loss <= goal
    stateGradientNorms = training.stateGradientNorms
    firstStateShare = stateGradientNorms[0] / stateGradientNorms[stateGradientNorms.count - 1]
    isAsExpected =
      training.experiment.isExpectedToFail
      ? !isSolved && firstStateShare < Self.vanishedShare : isSolved
  }

  /// Results as a Markdown table.
  static func table(_ results: [MemoryResult]) -> String {
    let heading = """

      | experiment | hidden, batch | steps | loss | goal | first state's gradient to the last | |
      |---|---|---|---|---|---|---|
      """
    let rows = results.map { result in
      let cells: [String] = [
        "`\(result.experiment)`", "\(result.settings.hiddenSize), \(result.settings.batchSize)",
        "\(result.isSolved ? "solved" : "not solved") after \(result.stepCount)",
        rounded(result.loss), rounded(result.goal), rounded(result.firstStateShare),
        result.isAsExpected ? "as expected" : "NOT AS EXPECTED",
      ]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    return ([heading] + rows).joined(separator: "\n")
  }

  private static func rounded(_ number: Double) -> String { String(format: "%.2g", number) }
}
