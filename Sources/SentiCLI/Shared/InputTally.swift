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
}
