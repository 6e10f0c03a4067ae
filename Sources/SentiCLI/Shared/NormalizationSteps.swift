import ArgumentParser
import SentiText

/// A normalization as it is written on the command line: a name, or steps with commas.
struct NormalizationSteps: ExpressibleByArgument {
  /// The steps.
  let normalization: Normalization

  /// What a sentiment model reads.
  static let reviews = NormalizationSteps(normalization: .reviews)

  init(normalization: Normalization) {
    self.normalization = normalization
  }

  init?(argument: String) {
    let steps = argument.split(separator: ",", omittingEmptySubsequences: false)
    let text = argument == "reviews" ? "\(Normalization.reviews)" : steps.joined(separator: " ")
    guard let normalization = Normalization(description: text) else { return nil }
    self.normalization = normalization
  }

  /// The argument that stands for the steps in help texts.
  var defaultValueDescription: String {
    normalization == .reviews
      ? "reviews" : normalization.description.split(separator: " ").joined(separator: ",")
  }

  /// The help of an option of this type.
  static let help = ArgumentHelp("\(explanation)", valueName: "steps")

  /// The same where the default is said in words.
  static let helpWithDefault = ArgumentHelp("\(explanation) (default: reviews)", valueName: "steps")

  private static let explanation = """
    What happens to a text before it is cut into words: none, reviews (which is html,nfkc,fold), \
    or steps with commas: html, one of nfc, nfd, nfkc and nfkd, lower:LOCALE, fold, \
    strip-accents, collapse-spaces.
    """
}

extension ArgumentHelp {
  /// The help of an option that names the locale of word boundaries.
  static let locale = ArgumentHelp(
    "The language whose word boundaries are followed (default: the rules that all share).",
    valueName: "locale")
}
