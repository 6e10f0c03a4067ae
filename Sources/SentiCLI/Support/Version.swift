import SentiModels
import SentiText

/// The versions that decide what a text is answered with.
enum Version {
  /// The program's own version.
  static let senti = SentiVersion.current

  /// All of them, one a line.
  static var description: String {
    """
    senti \(senti)
    model format \(SentimentClassifier.formatVersion)
    vocabulary format \(VocabularyHeader.formatVersion)
    \(ICUVersion.linked)
    """
  }
}
