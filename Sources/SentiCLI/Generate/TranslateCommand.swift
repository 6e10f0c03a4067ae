import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti translate`: a line of another language for each line.
struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate",
    abstract: "Translate texts line by line.",
    discussion: """
      Prints one line for each line, in order; an empty line for an empty one, and for one that \
      cannot be read, which is also reported on standard error. With --n-best of 2 or more it prints \
      the line's number, rank, score and text of each, with tabs between them. With --format jsonl, \
      each line is an object with file, line, text and hypotheses; or with file, line and error. With \
      json these are one array; csv and tsv have file, line, rank, score, text and error.

      Examples:
        echo 'A dog runs.' | senti translate -m en-de.safetensors --beam 5
        senti translate news.en -m en-de.safetensors --explain attention.html
      """)

  @Argument(help: "Files of one text a line; - or a pipe is standard input.", completion: .file())
  var files: [String] = []

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @OptionGroup var model: GenerationModelOptions
  @OptionGroup var output: GenerationOutputOptions
  @OptionGroup(title: "Search") var search: SearchOptions

  func validate() throws {
    if files.isEmpty && Terminal.isInputTerminal {
      throw ValidationError("Expected a file, or lines on standard input.")
    }
  }

  func run() throws {
    let model = try model.load(.translator)
    let options = try search.options(for: model, hypothesisCount: output.nBest)
    var report = try GenerationReport(output, model: model, title: "Translations")
    // Somebody who types waits for each line's answer.
    let limit = files.isEmpty || files == ["-"] ? (Terminal.isInputTerminal ? 1 : nil) : nil
    let lines = InputLines(files, encoding: encoding)
    var count = 0
    for window in Windows(lines, elementLimit: limit, size: { $0.byteCount }) {
      try add(window, by: model, options, firstSeed: count, to: &report)
      count += window.count
      if limit == 1 { try report.flush() }
    }
    try report.finish()
  }

  private func add(
    _ window: [InputLines.Line], by model: GenerationModel, _ options: GenerationOptions,
    firstSeed: Int, to report: inout GenerationReport
  ) throws {
    let texts = window.compactMap { try? $0.text.get() }.filter { !$0.isBlank }
    let sources = texts.map { model.source(for: $0) }
    let found = model.hypotheses(
      of: sources, options: options, threadCount: self.model.threadCount,
      firstSeed: UInt64(firstSeed))
    var rest = Array(zip(sources, found))[...]
    for line in window {
      switch line.text {
      case .success(let text) where text.isBlank: try report.addEmpty(line.members)
      case .success(let text):
        guard let (source, hypotheses) = rest.popFirst() else { continue }
        let input = GeneratedTexts(
          key: output.nBest > 1 ? "\(line.number)" : nil, name: line.name, members: line.members,
          text: text, source: source)
        try report.add(input, hypotheses)
      case .failure(let error):
        try report.add(Failure(error), line.members, keepsLine: line.number > 0)
      }
    }
  }
}

extension String {
  /// Whether there is nothing but white space.
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
