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
    if let named = Self.named[argument] {
      normalization = named
      return
    }
    let steps = argument.split(separator: ",", omittingEmptySubsequences: false)
    let text = steps.joined(separator: " ")
    // The version of the review steps need not be written: there is one that can be made.
    let versions = [text, "\(ReviewSteps.version) \(text)"]
    guard let normalization = versions.lazy.compactMap(Normalization.init(description:)).first
    else { return nil }
    self.normalization = normalization
  }

  private static let named: [String: Normalization] = [
    "reviews": .reviews, "reviews-1": .reviews1,
  ]

  /// The argument that stands for the steps in help texts.
  var defaultValueDescription: String {
    Self.named.first { $0.value == normalization }?.key
      ?? normalization.description.split(separator: " ").joined(separator: ",")
  }

  /// The help of an option of this type.
  static let help = ArgumentHelp("\(explanation)", valueName: "steps")

  /// The same where the default is said in words.
  static let helpWithDefault = ArgumentHelp("\(explanation) (default: reviews)", valueName: "steps")

  private static let explanation = """
    What happens to a text before it is cut into words: none, reviews, reviews-1 (which is \
    html,nfkc,fold), or steps with commas, in this order: html or markup, typography, addresses, \
    one of nfc, nfd, nfkc and nfkd, emoticons, ratings, capitals, elongation, contractions, \
    lower:LOCALE, fold, strip-accents, emoji, collapse-spaces. reviews is all of them but html, \
    lower, strip-accents and collapse-spaces, with nfkc.
    """
}

extension ArgumentHelp {
  /// The help of an option that names the locale of word boundaries.
  static let locale = ArgumentHelp(
    "The language whose word boundaries are followed (default: the rules that all share).",
    valueName: "locale")
}
