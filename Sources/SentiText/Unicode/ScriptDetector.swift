/// Finds the script that a text is written in.
public enum ScriptDetector {
  /// The four-letter name (ISO 15924) of the script that most letters are of, such as "Latn"; nil for a
  /// text without letters.
  ///
  /// Characters that scripts share, and marks, are not counted. Of scripts with equally many letters
  /// the one that comes first in the alphabet is taken.
  ///
  /// - Complexity: O(n).
  public static func dominantScript(in text: some StringProtocol) -> String? {
    letterCounts(in: text).max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// How many letters of each script a text has, by the script's four-letter name.
  ///
  /// Characters that scripts share, and marks, are not counted.
  ///
  /// - Complexity: O(n).
  public static func letterCounts(in text: some StringProtocol) -> [String: Int] {
    var counts: [String: Int] = [:]
    var asciiLetterCount = 0
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        if scalar.properties.isAlphabetic { asciiLetterCount += 1 }
      } else if CharacterProperties.isAlphabetic(scalar.value) {
        counts[CharacterProperties.script(scalar.value), default: 0] += 1
      }
    }
    if asciiLetterCount > 0 { counts["Latn", default: 0] += asciiLetterCount }
    counts["Zyyy"] = nil
    counts["Zinh"] = nil
    return counts
  }
}
