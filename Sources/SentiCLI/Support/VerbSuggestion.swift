import ArgumentParser
import SentiText

/// What to say of a command line whose verb is none.
enum VerbSuggestion {
  /// The failure of a word that stands where a verb is expected; nil where every verb is one.
  ///
  /// - Parameters:
  ///   - arguments: The command line without the program's name.
  ///   - root: The program.
  /// - Returns: What to say.
  static func failure(
    for arguments: [String], of root: any ParsableCommand.Type
  ) -> Failure? {
    var (command, path) = (root, "senti")
    for word in arguments {
      let verbs = command.configuration.subcommands
      guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      if let next = verbs.first(where: { name($0) == word }) {
        command = next
        path += " \(word)"
      } else {
        guard command.configuration.defaultSubcommand == nil else { return nil }
        return failure(word, among: verbs.map(name), path)
      }
    }
    return nil
  }

  private static func failure(_ word: String, among verbs: [String], _ path: String) -> Failure {
    if word.contains(where: \.isWhitespace) {
      return Failure(
        "expected a verb, found a text; senti classify --text \(word.quoted) classifies it", .usage)
    }
    let nearest = verbs.map { (distance: distance(word, $0), verb: $0) }
      .min { $0.distance < $1.distance }
    var hint = "\(path) --help lists all"
    if let nearest, nearest.distance <= max(1, nearest.verb.count / 3) {
      hint = "did you mean \(path) \(nearest.verb)?"
    }
    return Failure("expected a verb, found \(word.quoted); \(hint)", .usage)
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  /// How many characters must be added, taken away, replaced, or swapped with the next one to make one
  /// word of another.
  ///
  /// - Complexity: O(n·m).
  static func distance(_ one: String, _ other: String) -> Int {
    let (one, other) = (Array(one.prefix(64)), Array(other.prefix(64)))
    var rows = [Array(0...other.count)]
    for i in 1..<(one.count + 1) {
      var row = [i]
      for j in 1..<(other.count + 1) {
        let cost = one[i - 1] == other[j - 1] ? 0 : 1
        var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
        if i > 1, j > 1, one[i - 1] == other[j - 2], one[i - 2] == other[j - 1] {
          best = min(best, rows[i - 2][j - 2] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[one.count][other.count]
  }
}
