import ArgumentParser
import SentiModels

/// Which texts get no answer because the model is not sure enough.
struct AbstentionOptions: ParsableArguments {
  @Option(
    help: .probability("Label a text uncertain where its most probable label is less probable."))
  var abstain: Double?

  @Option(
    help: .fraction(
      "Label so many texts, and all others uncertain: by the probability that so many of the texts "
        + "reach on which the model was calibrated."))
  var coverage: Double?

  func validate() throws {
    if let abstain, !(0...1).contains(abstain) {
      throw ValidationError("Expected --abstain from 0 to 1, found \(abstain).")
    }
    if let coverage, !(coverage > 0 && coverage <= 1) {
      throw ValidationError("Expected --coverage above 0, and at most 1, found \(coverage).")
    }
    if abstain != nil && coverage != nil {
      throw ValidationError("Expected --abstain or --coverage, found both.")
    }
  }

  /// The rule for a classifier; nil: every text gets an answer.
  ///
  /// - Parameters:
  ///   - classifier: The classifier.
  ///   - name: What messages call it.
  /// - Returns: The rule.
  /// - Throws: A ``Failure`` where the classifier cannot be asked for it.
  func abstention(of classifier: SentimentClassifier, named name: String) throws -> Abstention? {
    guard abstain != nil || coverage != nil else { return nil }
    if classifier.labels.contains(Abstention.label) {
      throw Failure(
        "\(name): expected a model without a label \(Abstention.label), found one", .usage)
    }
    guard let coverage else { return abstain.map { Abstention(below: $0) } }
    let quantiles = classifier.card.confidenceQuantiles
    guard let abstention = Abstention(coverage: coverage, quantiles: quantiles) else {
      throw Failure(
        "\(name): expected a model that notes how sure it is of the texts that it was calibrated on, "
          + "found none; senti calibrate makes one, --abstain takes a probability", .badData)
    }
    return abstention
  }
}
