internal import SentiCorpora
internal import SentiText

/// Reads the lines of a suite: cases, and headings that say what the cases below them have in common.
struct CheckCaseReader {
  /// The fields of a case, except its texts; a heading has these alone.
  private struct Settings {
    var capability: String
    var kind = Kind.label
    var expected: [String] = []
    var tolerance: Double?
    var isCounted = true
  }

  private enum Kind: String, CaseIterable {
    case label, invariance, direction

    /// How far probabilities may move where a suite says nothing.
    ///
    /// A probability of 0.9 that becomes 0.7 is still the same answer to a reader; one that moves
    /// farther is not the same degree of certainty. A direction is tested more strictly, for there the
    /// bound lies on one side only; 0.1 is CheckList's.
    var tolerance: Double { self == .direction ? 0.1 : 0.2 }
  }

  fileprivate enum Name: String, CaseIterable {
    case text, expect, variants, kind, tolerance, capability, counted, about
  }

  private var settings: Settings
  private let fileSettings: Settings

  /// Prepares to read a file.
  ///
  /// - Parameter capability: The capability of cases that name none.
  init(capability: String) {
    fileSettings = Settings(capability: capability)
    settings = fileSettings
  }

  /// Reads a line.
  ///
  /// - Parameter row: The line, of JSON Lines.
  /// - Returns: The case; nil for a heading.
  /// - Throws: A ``CorpusError``, where the line is malformed.
  mutating func read(_ row: Row) throws(CorpusError) -> CheckCase? {
    if let problem = row.problem { throw problem }
    try requireKnownFields(row)
    guard row.names.contains(Name.text.rawValue) else {
      // Without a text there are no variants; most likely the text's field is missing.
      if row.has(.variants) { _ = try row.text(of: Name.text.rawValue) }
      settings = try updated(fileSettings, by: row)
      return nil
    }
    return try check(row, updated(settings, by: row))
  }

  private func requireKnownFields(_ row: Row) throws(CorpusError) {
    let known = Name.allCases.map(\.rawValue)
    for name in row.names where !known.contains(name) {
      throw row.error(.unexpectedField(name: name, available: known))
    }
  }

  // MARK: Settings

  private func updated(_ old: Settings, by row: Row) throws(CorpusError) -> Settings {
    var new = old
    if row.has(.capability) { new.capability = try row.nonEmptyText(.capability) }
    if row.has(.kind) { new.kind = try kind(row) }
    if row.has(.expect) { new.expected = try row.list(of: Name.expect.rawValue) }
    if row.has(.tolerance) { new.tolerance = try tolerance(row) }
    if row.has(.counted) { new.isCounted = try isCounted(row) }
    if row.has(.about) { _ = try row.text(of: Name.about.rawValue) }
    return new
  }

  private func kind(_ row: Row) throws(CorpusError) -> Kind {
    let name = try row.text(of: Name.kind.rawValue)
    guard let kind = Kind(rawValue: name) else {
      throw row.unexpected(.kind, "label, invariance or direction", found: name.quoted)
    }
    return kind
  }

  private func tolerance(_ row: Row) throws(CorpusError) -> Double {
    let written = try row.label(of: Name.tolerance.rawValue) ?? "null"
    guard let tolerance = Double(written), (0...1).contains(tolerance) else {
      throw row.unexpected(.tolerance, "a number from 0 to 1", found: written.quoted)
    }
    return tolerance
  }

  private func isCounted(_ row: Row) throws(CorpusError) -> Bool {
    let written = try row.label(of: Name.counted.rawValue) ?? "null"
    guard let isCounted = Bool(written) else {
      throw row.unexpected(.counted, "true or false", found: written.quoted)
    }
    return isCounted
  }

  // MARK: Cases

  private func check(_ row: Row, _ settings: Settings) throws(CorpusError) -> CheckCase {
    CheckCase(
      try row.nonEmptyText(.text), variants: try variants(row, settings.kind),
      capability: settings.capability, expectation: try expectation(row, settings),
      isCounted: settings.isCounted, origin: .init(path: row.path, line: row.line))
  }

  private func variants(_ row: Row, _ kind: Kind) throws(CorpusError) -> [String] {
    guard kind != .label else {
      guard !row.has(.variants) else {
        throw row.unexpected(.variants, "none for the kind label", found: "some")
      }
      return []
    }
    let variants = try row.list(of: Name.variants.rawValue)
    let text = try row.text(of: Name.text.rawValue)
    guard !variants.isEmpty else {
      throw row.unexpected(.variants, "at least one text", found: "none")
    }
    // By their bytes: texts that differ in normalization alone are different texts.
    let texts = Set(([text] + variants).map { Array($0.utf8) })
    guard texts.count == variants.count + 1, !texts.contains([]) else {
      throw row.unexpected(
        .variants, "texts that differ from the text and from each other",
        found: texts.contains([]) ? "an empty one" : "one twice")
    }
    return variants
  }

  private func expectation(
    _ row: Row, _ settings: Settings
  ) throws(CorpusError) -> CheckCase.Expectation {
    let tolerance = settings.tolerance ?? settings.kind.tolerance
    switch settings.kind {
    case .label: return .label(try labels(row, settings.expected))
    case .direction:
      return .direction(try direction(row, settings.expected, tolerance: tolerance))
    case .invariance:
      guard settings.expected.isEmpty else {
        throw row.unexpected(.expect, "nothing for the kind invariance", found: "something")
      }
      return .invariance(tolerance: tolerance)
    }
  }

  private func labels(_ row: Row, _ expected: [String]) throws(CorpusError) -> [String] {
    let labels = expected.map(SentimentLabels.canonical)
    guard !labels.isEmpty, !labels.contains("") else {
      throw row.unexpected(
        .expect, "a label, or several of which any will do",
        found: labels.isEmpty ? "none" : "an empty one")
    }
    return labels
  }

  private func direction(
    _ row: Row, _ expected: [String], tolerance: Double
  ) throws(CorpusError) -> CheckDirection {
    for bound in CheckDirection.Bound.allCases where expected.count == 1 {
      guard expected[0].hasPrefix(bound.rawValue + " ") else { continue }
      let label = SentimentLabels.canonical(String(expected[0].dropFirst(bound.rawValue.count)))
      if !label.isEmpty { return CheckDirection(bound, label, tolerance: tolerance) }
    }
    let found = expected.map(\.quoted).joined(separator: ", ")
    throw row.unexpected(
      .expect, "not more LABEL or not less LABEL", found: found.isEmpty ? "none" : found)
  }
}

extension Row {
  fileprivate func has(_ name: CheckCaseReader.Name) -> Bool { names.contains(name.rawValue) }

  fileprivate func nonEmptyText(_ name: CheckCaseReader.Name) throws(CorpusError) -> String {
    let text = try text(of: name.rawValue)
    guard !SentimentLabels.trimmed(text).isEmpty else {
      throw unexpected(name, "text", found: "an empty one")
    }
    return text
  }

  fileprivate func unexpected(
    _ name: CheckCaseReader.Name, _ expected: String, found: String
  ) -> CorpusError {
    error(.unexpectedValue(field: name.rawValue, expected: expected, found: found))
  }

  fileprivate func error(_ problem: CorpusError.Problem) -> CorpusError {
    CorpusError(problem, path: path, line: line)
  }
}
