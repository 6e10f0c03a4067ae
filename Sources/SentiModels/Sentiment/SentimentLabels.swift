/// The names that labels go by: what data sets write, and what models say.
///
/// Folders and columns call the same thing `pos`, `positive` or `1`. A model says `positive`.
public enum SentimentLabels {
  /// From least to most favourable.
  public static let ordered = ["negative", "neutral", "positive"]

  /// What data sets write for each of them.
  static let aliases = [
    "negative": ["negative", "neg", "0", "-1", "-"],
    "neutral": ["neutral", "neu"],
    "positive": ["positive", "pos", "1", "+1", "+"],
  ]

  /// The name that a model says for a label of a data set.
  ///
  /// - Parameter label: A label as written; case does not matter.
  /// - Returns: One of ``ordered``, or the label itself where it is none of their aliases.
  public static func canonical(_ label: String) -> String {
    let lowercase = label.lowercased()
    return ordered.first { aliases[$0]?.contains(lowercase) ?? false } ?? label
  }

  /// Puts labels into the order of a net's classes.
  ///
  /// - Parameter labels: Labels, each once.
  /// - Returns: Those of ``ordered`` in its order, then all others by their bytes.
  public static func sorted(_ labels: some Sequence<String>) -> [String] {
    labels.sorted { left, right in
      let (first, second) = (rank(left), rank(right))
      return first == second ? left.utf8.lexicographicallyPrecedes(right.utf8) : first < second
    }
  }

  private static func rank(_ label: String) -> Int {
    ordered.firstIndex(of: label) ?? ordered.count
  }
}
