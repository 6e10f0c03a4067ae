import ArgumentParser
import SentiModels
import SentiText

/// What the labels of data mean.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What labels of the data mean, as in '1,2=negative;3=neutral;4,5=positive'; texts whose label "
        + "means nothing (3=) are left out. May be given many times.",
      valueName: "labels=label"))
  var labelMap: [LabelPairs] = []

  @Flag(
    help: ArgumentHelp(
      "Labels are stars: of 5, up to 2 is negative and from 4 on positive; where one is above 5, of "
        + "10, up to 4 and from 7 on; neutral between."))
  var stars = false

  /// Whether nothing is said of labels.
  var isPlain: Bool { labelMap.isEmpty && !stars }

  /// What labels mean by these options.
  var names: LabelNames {
    let pairs = labelMap.flatMap(\.pairs)
    return LabelNames(
      pairs: Dictionary(pairs.map { ($0.written, $0.meant) }) { $1 }, areStars: stars)
  }
}

/// Labels of data with what they mean, as they are written on the command line.
///
/// Labels with commas, an equals sign, a name; several such with semicolons. A backslash takes the sign
/// behind it as it is.
struct LabelPairs: ExpressibleByArgument {
  /// What the data says, and what is meant by it; nothing where its texts are left out.
  let pairs: [(written: String, meant: String)]

  init?(argument: String) {
    var pairs: [(written: String, meant: String)] = []
    for part in Self.split(Self.signs(argument), at: ";") where !part.isEmpty {
      guard let equals = part.lastIndex(where: { $0.isSeparator && $0.character == "=" }) else {
        return nil
      }
      let meant = Self.text(part[(equals + 1)...])
      let written = Self.split(part[..<equals], at: ",").map(Self.text)
      guard !written.contains("") else { return nil }
      pairs += written.map { ($0, meant) }
    }
    guard !pairs.isEmpty else { return nil }
    self.pairs = pairs
  }

  /// A character, and whether it may separate labels.
  private typealias Sign = (character: Character, isSeparator: Bool)

  private static func signs(_ argument: String) -> ArraySlice<Sign> {
    var (signs, isEscaped) = ([Sign](), false)
    for character in argument {
      if character == "\\" && !isEscaped {
        isEscaped = true
      } else {
        signs.append((character, !isEscaped))
        isEscaped = false
      }
    }
    return signs[...]
  }

  private static func split(
    _ signs: ArraySlice<Sign>, at separator: Character
  ) -> [ArraySlice<Sign>] {
    signs.split(omittingEmptySubsequences: false) { $0.isSeparator && $0.character == separator }
  }

  private static func text(_ signs: ArraySlice<Sign>) -> String {
    SentimentLabels.trimmed(String(signs.map(\.character)))
  }
}

/// Says what the labels of data mean: by pairs, as stars, or by the names that data sets have for them.
struct LabelNames {
  /// What is meant by a label; nothing where its texts are left out.
  let pairs: [String: String]
  /// Whether all other labels are stars.
  var areStars = false

  /// What each label means.
  ///
  /// - Parameters:
  ///   - labels: All labels, as written.
  ///   - data: What messages call the data.
  /// - Returns: A name for each label; empty where its texts are left out.
  /// - Throws: A ``Failure`` where labels are to be stars and are not.
  func names(of labels: Set<String>, in data: String) throws(Failure) -> [String: String] {
    let others = labels.filter { pair($0) == nil && !SentimentLabels.trimmed($0).isEmpty }
    var names = SentimentLabels.names(of: labels)
    if areStars {
      guard let ratings = SentimentLabels.names(ofRatings: others) else {
        throw notStars(others, data)
      }
      names.merge(ratings) { $1 }
    }
    for label in labels { if let meant = pair(label) { names[label] = meant } }
    return names
  }

  /// What each label of a data set means whose labels are not known beforehand.
  ///
  /// - Throws: A ``Failure`` also for numbers that may be stars.
  func ownNames(of labels: Set<String>, in data: String) throws(Failure) -> [String: String] {
    let names = try names(of: labels, in: data)
    let others = labels.filter { label in
      let isName = names[label].map { $0.isEmpty || SentimentLabels.ordered.contains($0) } ?? false
      return pair(label) == nil && !isName
    }
    guard others.isEmpty || SentimentLabels.names(ofRatings: others) == nil else {
      throw Failure(
        "\(data): expected labels, found numbers that may be stars, \(Self.list(others)); "
          + "\(Self.hint)", .badData)
    }
    return names
  }

  /// The pair of a label, by what is written with or without blanks around it.
  func pair(_ label: String) -> String? { pairs[label] ?? pairs[SentimentLabels.trimmed(label)] }

  /// What to do about numbers.
  static let hint = "--stars says that they are, --label-map what they mean"

  private func notStars(_ labels: Set<String>, _ data: String) -> Failure {
    let others = labels.filter { SentimentLabels.names(ofRatings: [$0]) == nil }
    return Failure(
      "\(data): expected stars from 1 to 5 or 10, found \(Self.list(others)); --label-map says what "
        + "other labels mean", .badData)
  }

  /// Labels for messages.
  static func list(_ labels: some Collection<String>) -> String {
    let shown = SentimentLabels.sorted(labels).prefix(10).map(\.quoted).joined(separator: ", ")
    return labels.count > 10 ? "\(shown) and \(labels.count - 10) more" : shown
  }

  /// Warns of labels that differ in nothing but case or blanks.
  static func warnOfLikes(_ names: [String: String], in data: String) {
    let groups = Dictionary(grouping: names.keys) { SentimentLabels.trimmed($0).lowercased() }
    let likes = groups.values.filter { $0.count > 1 }.map { SentimentLabels.sorted($0) }
    for labels in likes.sorted(by: { $0[0] < $1[0] }).prefix(5) {
      let meant = Set(labels.compactMap { names[$0] })
      let what = meant.count == 1 ? "all are taken for one" : "they are \(meant.count) labels"
      Diagnostics.warn(
        "\(data): labels that differ by case or blanks alone: \(list(labels)); \(what)")
    }
  }
}
