import SentiCorpora
import SentiModels
import SentiTensor
import SentiText

/// Writes texts with models that read the same, and measures them by what people wrote.
struct GenerationScoring {
  private(set) var evaluations: [GenerationEvaluation]
  private let models: [GenerationModel]
  private let search: GenerationOptions
  private let detokenizer: Detokenizer
  private let threadCount: Int
  private var seed: UInt64 = 0

  init(
    _ models: [GenerationModel], search: GenerationOptions,
    evaluation: GenerationEvaluation = GenerationEvaluation(),
    detokenizer: Detokenizer = Detokenizer(), threadCount: Int
  ) {
    self.models = models
    self.search = search
    self.detokenizer = detokenizer
    self.threadCount = threadCount
    evaluations = models.map { _ in evaluation }
  }

  /// What to say of data in which there is nothing to measure.
  static func nothing(in data: String) -> Failure {
    Failure("\(data): expected texts with references, found none", .badData)
  }

  /// Captions vectors; those without captions of people are left out.
  ///
  /// - Throws: A ``Failure`` or error that names the file and what is wrong with it.
  mutating func add(_ vectors: NamedVectors, captions: CaptionFile) throws {
    try vectors.requireWidth(models[0].vectorSize)
    let references = try captions.texts(of: vectors)
    var rest = vectors.names.indices.filter { !references[$0].isEmpty }[...]
    if rest.count < vectors.count {
      Diagnostics.note("vectors without captions, left out: \(vectors.count - rest.count)")
    }
    while !rest.isEmpty {
      let rows = rest.prefix(Windows<[Int]>.elementCount)
      rest = rest.dropFirst(rows.count)
      let sources = try rows.map { GenerationSource.vector(try vectors.rows($0..<$0 + 1).row(0)) }
      try add(
        sources, references: rows.map { references[$0] }, names: rows.map { vectors.names[$0] })
    }
  }

  /// Translates the lines of a file; line n of each other file is a translation of line n.
  ///
  /// - Throws: A ``Failure`` that names the file and what is wrong with it.
  mutating func add(
    linesOf source: String, translations: [String], encoding: TextEncoding = .auto
  ) throws {
    let texts = try Self.lines(source, encoding)
    let translations = try translations.map { path in
      let lines = try Self.lines(path, encoding)
      guard lines.count == texts.count else {
        throw Failure(
          "\(path): expected \(texts.count) lines, as in \(source), found \(lines.count)", .badData)
      }
      return lines
    }
    try add(
      texts.map { models[0].source(for: $0) },
      references: texts.indices.map { row in translations.map { $0[row] } },
      names: texts.indices.map { "\(source):\($0 + 1)" }, texts: texts)
  }

  private mutating func add(
    _ sources: [GenerationSource], references: [[String]], names: [String], texts: [String]? = nil
  ) throws(Failure) {
    for (index, model) in models.enumerated() {
      let found = model.hypotheses(
        of: sources, options: search, threadCount: threadCount, firstSeed: seed)
      for (row, hypotheses) in found.enumerated() {
        guard hypotheses.first?.isDefined ?? true else {
          throw Failure("\(names[row]): \(Failure.undefinedAnswer)", .badData)
        }
        let tokens = hypotheses.first?.tokens ?? []
        let text = model.text(of: tokens, from: texts?[row], by: detokenizer)
        evaluations[index].add(text, references: references[row])
      }
    }
    seed += UInt64(sources.count)
  }

  private static func lines(_ path: String, _ encoding: TextEncoding) throws -> [String] {
    try InputLines([path], encoding: encoding).map { try $0.text.get() }
  }
}

extension GenerationEvaluation {
  /// The figures as members of an object.
  var members: [JSONValue.Member] {
    figures.map { name, value in
      JSONValue.Member(
        name: name.lowercased().replacing("-", with: "_").replacing(" ", with: "_"),
        value: .number(value))
    }
  }
}
