import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti generate`: texts of a language model.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Generate texts with a language model.",
    discussion: """
      Goes on with each prompt, or begins a text where there is none. Tokens are drawn by chance, from \
      the model's own distribution unless --temperature, --top-k or --top-p change it; with --beam of \
      2 or more the likeliest text is searched for. The same prompts, options and seed give the same \
      texts. --min-length and --max-length count the tokens behind the prompt.

      Prints one line for each prompt, the prompt as the model reads it included. With --n-best of 2 \
      or more it prints the prompt's number, rank, score and text of each, with tabs between them. With \
      --format jsonl, each line is an object with prompt, text and hypotheses; csv and tsv have \
      prompt, rank, score, text and error.

      Examples:
        senti generate -m reviews.safetensors 'The food was' --top-p 0.9
        cut -f2 beginnings.tsv | senti generate -m reviews.safetensors - --temperature 0.8 --seed 7
      """)

  @Argument(help: "The beginnings of texts; - reads one a line from standard input.")
  var prompts: [String] = []

  @OptionGroup var model: GenerationModelOptions
  @OptionGroup var output: GenerationOutputOptions
  @OptionGroup(title: "Search") var search: SearchOptions

  func validate() throws {
    guard prompts.isEmpty || search.prefix == nil else {
      throw ValidationError("Expected prompts or --prefix, found both.")
    }
  }

  func run() throws {
    let model = try LanguageModel(contentsOf: model.model)
    var search = search
    search.sample = search.beam == 1
    var options = try search.options(
      from: GenerationOptions(), codec: model.codec, hypothesisCount: output.nBest)
    let prompts = self.prompts.isEmpty ? [search.prefix ?? ""] : self.prompts
    options.forcedTokens = [:]
    var report = try GenerationReport(
      output, codec: model.codec, place: ["prompt"], title: "Texts of \(self.model.model)")
    var count = 0
    for window in Windows(try Self.texts(prompts), size: { $0.text.utf8.count }) {
      let found = model.continuations(
        of: window.map(\.text), options: options, threadCount: self.model.threadCount,
        firstSeed: UInt64(count))
      for (prompt, hypotheses) in zip(window, found) {
        count += 1
        try report.add(input(prompt, number: count), hypotheses)
      }
    }
    try report.finish()
  }

  /// A prompt, and what messages call it.
  private struct Prompt {
    let name: String
    let text: String
  }

  private func input(_ prompt: Prompt, number: Int) -> GeneratedTexts {
    GeneratedTexts(
      key: output.nBest > 1 ? "\(number)" : nil, name: prompt.name,
      members: JSONValue.Member.list(["prompt": .string(prompt.text)]), text: prompt.text)
  }

  /// The prompts, those of standard input where one is asked for there.
  private static func texts(_ prompts: [String]) throws -> [Prompt] {
    try prompts.enumerated().flatMap { index, prompt in
      guard prompt == "-" else { return [Prompt(name: "prompt \(index + 1)", text: prompt)] }
      return try InputLines(["-"]).map { Prompt(name: $0.name, text: try $0.text.get()) }
    }
  }
}
