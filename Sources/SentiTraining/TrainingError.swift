/// What stops a training.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss of a batch is infinite or not a number.
  case nonFiniteLoss(step: Int)
  /// A parameter holds an element that is infinite or not a number.
  case nonFiniteParameter(parameter: String, step: Int)
  /// A parameter's gradient holds an element that is infinite or not a number.
  case nonFiniteGradient(parameter: String, step: Int)
  /// What an epoch's parameters come to on validation texts is infinite or not a number.
  case nonFiniteValidation(epoch: Int)
  /// There is nothing to train on.
  case noExamples
  /// A checkpoint belongs to another model, data set or setting.
  case checkpointMismatch(path: String, what: String, expected: String, found: String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .nonFiniteLoss(let step):
      "the loss at step \(step) is not finite; try a lower learning rate"
    case .nonFiniteParameter(let parameter, let step):
      "the parameter \(parameter) is not finite at step \(step)"
    case .nonFiniteGradient(let parameter, let step):
      "the gradient of \(parameter) at step \(step) is not finite; try a lower learning rate"
    case .nonFiniteValidation(let epoch):
      "the validation loss after epoch \(epoch) is not finite; try a lower learning rate"
    case .noExamples: "there is no example to train on"
    case .checkpointMismatch(let path, let what, let expected, let found):
      "\(path): the checkpoint has another \(what): expected \(expected), found \(found)"
    }
  }
}
