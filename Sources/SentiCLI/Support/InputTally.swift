import SentiCorpora

/// Counts what became of the inputs, and ends a verb accordingly.
struct InputTally {
  private var successCount = 0
  private var firstFailure: ExitStatus?

  /// Notes an input that was read.
  mutating func succeed() {
    successCount += 1
  }

  /// Reports an input that failed.
  mutating func fail(_ failure: Failure) {
    Diagnostics.report(failure)
    firstFailure = firstFailure ?? failure.status
  }

  /// The status of the run: the first failure's when every input failed.
  var status: ExitStatus {
    guard let firstFailure else { return .done }
    return successCount > 0 ? .partial : firstFailure
  }

  /// Ends the verb with the status, unless all is well.
  func finish() throws {
    if status != .done { throw status.exit }
  }

  /// Ends a verb that had nothing to say anything of.
  ///
  /// - Parameter paths: The inputs.
  /// - Throws: The status where inputs failed, else a ``Failure``: where there is nothing, nothing is well.
  func finishWithoutInput(_ paths: [String]) throws {
    try finish()
    let names = paths.prefix(3).map { $0 == "-" ? InputSource.standardInput.name : $0 }
    let rest = paths.count > names.count ? ", \u{2026}" : ""
    throw Failure(CorpusError(.empty, path: names.joined(separator: ", ") + rest))
  }
}
