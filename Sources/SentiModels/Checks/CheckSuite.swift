public import SentiCorpora

/// Tests of a classifier's behaviour, by capability.
///
///     let report = try CheckSuite.bundled().report(on: .bundledEnglish())
///     for rate in report.capabilities { print(rate.capability, rate.passRate.fraction ?? 0) }
///
/// Accuracy on held-out texts says how often a classifier is right on texts like those it learned. A
/// suite says which of the things that people do with language it can read: negation, contrast,
/// ratings, typing errors. See <doc:BehaviourChecks> for the format of its files.
///
/// - SeeAlso: Ribeiro et al. 2020, <https://aclanthology.org/2020.acl-main.442>.
public struct CheckSuite: Sendable {
  /// The cases, in the order of the files.
  public let cases: [CheckCase]

  /// Makes a suite.
  ///
  /// - Parameter cases: The cases.
  public init(_ cases: [CheckCase]) {
    self.cases = cases
  }

  /// Reads suites of JSON Lines.
  ///
  /// - Parameter paths: Files, and folders whose files are those that end in `.jsonl`, packed or not.
  /// - Throws: A ``CorpusError`` where a file cannot be read, or where a case is malformed: path, line,
  ///   what was expected and what was found.
  public init(contentsOf paths: [String]) throws(CorpusError) {
    var cases: [CheckCase] = []
    for path in paths {
      for file in try Self.files(at: path) {
        cases += try Self.cases(in: ByteSource(path: file), name: Self.name(of: file))
      }
    }
    self.init(cases)
  }

  /// Reads the suite that comes with the package, which lies in the program itself.
  ///
  /// - Returns: The cases of `corpora/checks`, for English.
  /// - Throws: A ``CorpusError``, where the package was built with a malformed suite.
  public static func bundled() throws(CorpusError) -> CheckSuite {
    var cases: [CheckCase] = []
    for file in BundledCheckFile.all {
      let source = ByteSource(bytes: file.bytes, name: "checks/\(file.name)")
      cases += try Self.cases(in: source, name: name(of: file.name))
    }
    return CheckSuite(cases)
  }

  /// The names of the capabilities, in the order in which they come first.
  public var capabilities: [String] {
    var seen: Set<String> = []
    return cases.map(\.capability).filter { seen.insert($0).inserted }
  }

  // MARK: Files

  private static let fileNameEnds = [".jsonl", ".jsonl.gz", ".jsonl.zst"]

  private static func files(at path: String) throws(CorpusError) -> [String] {
    let files: [String]
    do { files = try TextFolder(path).files(isRecursive: false) } catch {
      guard error.problem == .isNotFolder else { throw error }
      return [path]
    }
    let suites = files.filter { file in fileNameEnds.contains { file.hasSuffix($0) } }
    if suites.isEmpty { throw CorpusError(.empty, path: path) }
    return suites
  }

  /// The name of a file without folders and ends: the capability of cases that name none.
  private static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return fileNameEnds.first { file.hasSuffix($0) }.map { String(file.dropLast($0.count)) } ?? file
  }

  private static func cases(
    in source: ByteSource, name: String
  ) throws(CorpusError) -> [CheckCase] {
    let rows = try RowReader(source, format: .jsonl)
    var reader = CheckCaseReader(capability: name)
    var cases: [CheckCase] = []
    while let next = rows.next() {
      let row = try next.get()
      if row.kind == .record, let check = try reader.read(row) { cases.append(check) }
    }
    if cases.isEmpty { throw CorpusError(.empty, path: source.name) }
    return cases
  }
}
