internal import SentiTensor
internal import Synchronization

/// The memory of one thread of a training: scratch and a gradient arena, which one owner at a time acquires.
final class ThreadMemory<Model: TrainableModel>: Sendable {
  struct Contents: Sendable {
    var workspace: Model.Workspace
    var gradients: Parameters<Float>
    /// Sums over the examples of the last pass.
    var tally = EpochMetrics()
  }

  private let contents: Mutex<Contents?>

  init(_ model: Model) {
    contents = Mutex(
      Contents(workspace: model.makeWorkspace(), gradients: Parameters(layout: model.layout)))
  }

  /// The contents, which are then the caller's alone until ``release(_:)``.
  func acquire() -> Contents {
    let taken = contents.withLock { contents in
      defer { contents = nil }
      return contents
    }
    guard let taken else { preconditionFailure("memory that another thread has") }
    return taken
  }

  /// Ends what ``acquire()`` began.
  func release(_ part: Contents) { contents.withLock { $0 = part } }

  /// Adds gradients.
  ///
  /// - Parameters:
  ///   - isFrozen: What is left out of gradients that then begin at zero; nil: they and the sums over
  ///     the examples stay as they are.
  ///   - body: Adds to the gradients, and answers the sums.
  func run(freezing isFrozen: [Bool]?, _ body: (inout Contents) -> EpochMetrics) {
    var part = acquire()
    if let isFrozen {
      part.gradients.setToZero(freezing: isFrozen)
      part.tally = body(&part)
    } else {
      _ = body(&part)
    }
    release(part)
  }
}
