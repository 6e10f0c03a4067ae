/// What an epoch came to.
public struct EpochRecord: Hashable, Codable, Sendable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The mean loss of a training text, or of a token that is written, in nats, with dropout.
  public var trainingLoss: Double
  /// The share of training texts, or of tokens that are written, that were right, with dropout.
  public var trainingAccuracy: Double
  /// The mean loss of a validation text, in nats; absent where none are held out.
  public var validationLoss: Double?
  /// The share of validation texts that are classified rightly; absent where none are held out.
  public var validationAccuracy: Double?
  /// The BLEU of what is written of the validation sources, in percent; absent where nothing is
  /// written.
  public var validationBLEU: Double?
  /// The share of steps whose gradient was longer than allowed, and was scaled down; absent where no
  /// length is too great.
  public var clippedShare: Double?
  /// Real tokens that were trained on.
  public var tokens: Int
  /// The time of the epoch's training in this run, in seconds.
  public var seconds: Double

  /// Whether the epoch did better on the validation texts: by BLEU where texts are written, else by
  /// accuracy, then by loss; true where there are none.
  ///
  /// - Parameter other: An earlier epoch.
  /// - Returns: Whether it did better.
  func isBetter(than other: EpochRecord) -> Bool {
    guard let loss = validationLoss, let otherLoss = other.validationLoss else { return true }
    return (validationBLEU ?? 0, validationAccuracy ?? 0, -loss)
      > (other.validationBLEU ?? 0, other.validationAccuracy ?? 0, -otherLoss)
  }

  /// The names in JSON.
  enum CodingKeys: String, CodingKey {
    case epoch, tokens, seconds
    case trainingLoss = "training_loss"
    case trainingAccuracy = "training_accuracy"
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case validationBLEU = "validation_bleu"
    case clippedShare = "clipped_share"
  }
}
