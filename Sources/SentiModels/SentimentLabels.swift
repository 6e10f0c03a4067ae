/// The names that labels go by: what data sets write, and what models say.
///
/// Folders and columns call the same thing `pos`, `positive` or `1`. A model says `positive`. Words mean
/// the same in every data set; a number does not: `1` is the best label of two and the worst of five. So
/// what numbers mean is told from all labels of a data set together; see ``names(of:)``.
public enum SentimentLabels {
  /// From least to most favourable.
  public static let ordered = ["negative", "neutral", "positive"]

  /// The words that data sets write for each of them, in lower case.
  static let words = [
    "negative": ["negative", "neg"], "neutral": ["neutral", "neu"],
    "positive": ["positive", "pos"],
  ]

  /// The whole sets of numbers that have a meaning of their own, from least to most favourable.
  private static let scales: [[Double]: [String]] = [
    [0, 1]: ["negative", "positive"], [-1, 1]: ["negative", "positive"],
    [-1, 0, 1]: ["negative", "neutral", "positive"],
  ]

  /// The label without white space at its ends, whichever of Unicode's it is.
  ///
  /// - Parameter label: A label as written.
  /// - Returns: The label; empty where there is nothing but white space.
  public static func trimmed(_ label: String) -> String {
    let scalars = label.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(scalars[first...last])
  }

  /// The name that a model says for a word of a data set.
  ///
  /// - Parameter label: A label as written; case, and white space at its ends, do not matter.
  /// - Returns: One of ``ordered``, or the trimmed label where it is none of their words.
  public static func canonical(_ label: String) -> String {
    let label = trimmed(label)
    let lowercase = label.lowercased()
    return ordered.first { words[$0]?.contains(lowercase) ?? false } ?? label
  }

  /// The names that a model says for the labels of a data set.
  ///
  /// Words become one of ``ordered``. Where all other labels together are 0 and 1, -1 and 1, or -1, 0 and
  /// 1, or the signs - and +, these become negative, neutral and positive too. Everything else is itself.
  ///
  /// - Parameter labels: All labels of the data set, as written.
  /// - Returns: A name for each of them.
  public static func names(of labels: some Sequence<String>) -> [String: String] {
    let labels = Set(labels)
    let names = Dictionary(uniqueKeysWithValues: labels.map { ($0, canonical($0)) })
    let others = Set(names.values).subtracting(ordered)
    if others == ["-", "+"] {
      return names.mapValues { $0 == "-" ? "negative" : $0 == "+" ? "positive" : $0 }
    }
    let numbers = Set(others.compactMap(number))
    let values = numbers.sorted()
    guard others.allSatisfy({ number($0) != nil }), let scale = scales[values] else { return names }
    return names.mapValues { name in
      number(name).flatMap(values.firstIndex).map { scale[$0] } ?? name
    }
  }

  /// The names of ratings: numbers of stars, from 1 to 5, or to 10 where one is above 5.
  ///
  /// Of five, 1 and 2 are negative and 4 and 5 are positive; of ten, 1 to 4 and 7 to 10, as in the Large
  /// Movie Review Dataset. What lies between is neutral. Halves of stars are ratings too.
  ///
  /// - Parameter labels: All labels of a data set, as written.
  /// - Returns: A name for each of them, or nil where one is no rating.
  public static func names(ofRatings labels: some Sequence<String>) -> [String: String]? {
    var ratings: [String: Double] = [:]
    for label in labels {
      guard let rating = number(trimmed(label)), (0.5...10).contains(rating) else { return nil }
      ratings[label] = rating
    }
    let isOfTen = ratings.values.contains { $0 > 5 }
    let (low, high): (Double, Double) = isOfTen ? (4, 7) : (2, 4)
    return ratings.mapValues { $0 <= low ? ordered[0] : $0 >= high ? ordered[2] : ordered[1] }
  }

  /// Puts labels into the order of a net's classes.
  ///
  /// - Parameter labels: Labels, each once.
  /// - Returns: Those of ``ordered`` in its order, then numbers by their values, then all others by
  ///   their bytes.
  public static func sorted(_ labels: some Sequence<String>) -> [String] {
    labels.sorted { left, right in
      let (first, second) = (rank(left), rank(right))
      return first == second ? left.utf8.lexicographicallyPrecedes(right.utf8) : first < second
    }
  }

  /// The place of a label among others: a group, and a number in it.
  private static func rank(_ label: String) -> (Int, Double) {
    if let place = ordered.firstIndex(of: label) { return (0, Double(place)) }
    return number(label).map { (1, $0) } ?? (2, 0)
  }

  /// The number that a label is, written in digits, as in `4`, `+1` and `4.0`.
  static func number(_ label: String) -> Double? {
    let isPlain = label.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E].contains(byte)
    }
    guard isPlain, let number = Double(label) else { return nil }
    // Of the two zeros one is enough.
    return number == 0 ? 0 : number
  }

  /// White space, and the marks that only hold text together or apart, as at the start of a file.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || [0xFEFF, 0x200B, 0x2060].contains(scalar.value)
      || scalar.properties.generalCategory == .control
  }
}
