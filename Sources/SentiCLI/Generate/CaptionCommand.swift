import ArgumentParser
import SentiModels
import SentiTensor

/// `senti caption`: a sentence for each vector.
struct CaptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caption",
    abstract: "Generate a caption for each vector.",
    discussion: """
      The vectors are a .npy array of [N, D], a .safetensors file or a .csv or .tsv table whose \
      first column is a name. They come from the encoder whose vectors the model was trained on.

      Prints a name, a tab and a caption for each vector; with --n-best of 2 or more the rank and \
      the score stand between them. With --format jsonl, each line is an object with name, text and \
      hypotheses (text, score, log_probability, is_cut, tokens); or with name and error. With json \
      these are one array; csv and tsv have name, rank, score, text and error.

      Examples:
        senti caption photos.npy --names photos.txt -m captioner.safetensors
        senti caption photos.npy -m captioner.safetensors --beam 5 --n-best 3
      """)

  @OptionGroup var data: VectorOptions
  @OptionGroup var model: GenerationModelOptions
  @OptionGroup var output: GenerationOutputOptions
  @OptionGroup(title: "Search") var search: SearchOptions

  func run() throws {
    let model = try model.load(.captioner)
    let options = try search.options(for: model, hypothesisCount: output.nBest)
    let vectors = try data.open()
    try vectors.requireWidth(model.vectorSize)
    var report = try GenerationReport(output, model: model, title: "Captions of \(data.vectors)")
    for start in stride(from: 0, to: vectors.count, by: Windows<[Int]>.elementCount) {
      let rows = start..<min(start + Windows<[Int]>.elementCount, vectors.count)
      try add(rows, of: vectors, by: model, options, to: &report)
    }
    try report.finish()
  }

  private func add(
    _ rows: Range<Int>, of vectors: NamedVectors, by model: GenerationModel,
    _ options: GenerationOptions, to report: inout GenerationReport
  ) throws {
    let read = rows.map { row in
      Result { () throws(VectorError) in try vectors.rows(row..<row + 1).row(0) }
    }
    let sources = read.compactMap { try? $0.get() }.map(GenerationSource.vector)
    var rest = model.hypotheses(
      of: sources, options: options, threadCount: self.model.threadCount,
      firstSeed: UInt64(rows.lowerBound))[...]
    for (row, vector) in zip(rows, read) {
      let name = vectors.names[row]
      let members = [JSONValue.Member(name: "name", value: .string(name))]
      switch vector {
      case .success(let vector):
        let input = GeneratedTexts(
          key: name, name: name, members: members, source: .vector(vector))
        if let hypotheses = rest.popFirst() { try report.add(input, hypotheses) }
      case .failure(let error): try report.add(Failure(error), members, keepsLine: false)
      }
    }
  }
}

/// The vectors that a verb reads.
struct VectorOptions: ParsableArguments {
  @Argument(help: "A .npy, .safetensors, .csv or .tsv file of vectors.", completion: .file())
  var vectors: String

  @Option(
    help: .file("The vectors' names, one a line (default: the file's own, or numbers from 0)."),
    completion: .file())
  var names: String?

  /// Opens the vectors.
  func open() throws -> NamedVectors { try NamedVectors(contentsOf: vectors, names: names) }
}
