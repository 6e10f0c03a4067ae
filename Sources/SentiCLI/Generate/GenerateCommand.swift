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
    if search.beam == 1 { search.sample = true }
    let options = try search.options(
      from: GenerationOptions(), codec: model.codec, hypothesisCount: output.nBest)
    var report = try GenerationReport(
      output, codec: model.codec, place: ["prompt"], title: "Texts of \(self.model.model)")
    var count = 0
    for window in Windows(texts, size: { $0.text.value?.utf8.count ?? 0 }) {
      let found = model.continuations(
        of: window.compactMap(\.text.value), options: options,
        threadCount: self.model.threadCount, firstSeed: UInt64(count))
      var rest = found[...]
      for prompt in window {
        count += 1
        switch prompt.text {
        case .success(let text):
          guard let hypotheses = rest.popFirst() else { continue }
          try report.add(input(text, of: prompt, number: count), hypotheses)
        case .failure(let error): try report.add(Failure(error), [], keepsLine: true)
        }
      }
    }
    try report.finish()
  }

  /// A prompt, or what is wrong with it, and what messages call it.
  private struct Prompt {
    let name: String
    let text: Result<String, CorpusError>
  }

  private func input(_ text: String, of prompt: Prompt, number: Int) -> GeneratedTexts {
    GeneratedTexts(
      key: output.nBest > 1 ? "\(number)" : nil, name: prompt.name,
      members: JSONValue.Member.list(["prompt": .string(text)]), text: text)
  }

  /// The prompts, those of standard input as they come.
  private var texts: some Sequence<Prompt> {
    (prompts.isEmpty ? [""] : prompts).enumerated().lazy.flatMap { index, prompt in
      prompt == "-"
        ? AnySequence(InputLines(["-"]).lazy.map { Prompt(name: $0.name, text: $0.text) })
        : AnySequence([Prompt(name: "prompt \(index + 1)", text: .success(prompt))])
    }
  }
}

extension Result {
  /// The value; nil where there is none.
  fileprivate var value: Success? { try? get() }
}
