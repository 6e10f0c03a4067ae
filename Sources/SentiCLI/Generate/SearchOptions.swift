import ArgumentParser
import SentiModels
import SentiText

/// How a verb searches for what to write.
struct SearchOptions: ParsableArguments {
  @Option(help: .count("How many hypotheses go on at each step."))
  var beam = 1

  @Option(
    help: ArgumentHelp(
      "The power of the length that a score is divided by (default: 1; of captions 0).",
      valueName: "power"))
  var lengthPenalty: Double?

  @Option(
    help: .count(
      "Stop after so many beams of finished hypotheses (default: when no other can win)."))
  var patience: Double?

  @Flag(help: "Take log-probabilities from a whole softmax: slower, and off by nothing.")
  var exact = false

  @Option(help: .count("The fewest tokens of a text."))
  var minLength = 0

  @Option(
    help: .count(
      "The most tokens of a text (default: 256; of a translation, twice its source's and 10)."))
  var maxLength: Int?

  @Option(
    help: ArgumentHelp(
      "What the log-probability of a token is multiplied by that was there before.",
      valueName: "factor"))
  var repetitionPenalty = 1.0

  @Option(help: .count("The length of runs of tokens that never come twice."))
  var noRepeatNgram = 0

  @Option(
    help: ArgumentHelp("A word that never comes; may be given many times.", valueName: "word"))
  var ban: [String] = []

  @Option(help: ArgumentHelp("What every text begins with.", valueName: "text"))
  var prefix: String?

  @Flag(help: "Draw tokens by chance rather than search.")
  var sample = false

  @Option(help: .number("With --sample: below 1, the likely is likelier."))
  var temperature = 1.0

  @Option(help: .count("With --sample: draw from so many tokens; 0 for all."))
  var topK = 0

  @Option(help: .fraction("Nucleus sampling (top-p) with --sample."))
  var topP = 1.0

  @Option(help: .number("With --sample: what all chance follows from."))
  var seed: UInt64 = 0

  func validate() throws {
    guard beam > 0 else { throw ValidationError("Expected --beam of 1 or more, found \(beam).") }
    if let maxLength, maxLength < 1 {
      throw ValidationError("Expected --max-length of 1 or more, found \(maxLength).")
    }
    guard (0...(maxLength ?? 256)).contains(minLength) else {
      throw ValidationError(
        "Expected --min-length from 0 to \(maxLength ?? 256), found \(minLength).")
    }
    guard (patience ?? 1) > 0, repetitionPenalty > 0, noRepeatNgram >= 0,
      lengthPenalty?.isFinite ?? true
    else {
      throw ValidationError(
        "Expected --patience and --repetition-penalty above 0, --no-repeat-ngram of 0 or more.")
    }
    guard temperature > 0, topK >= 0, topP > 0, topP <= 1 else {
      throw ValidationError(
        "Expected --temperature above 0, --top-k of 0 or more, --top-p above 0, at most 1.")
    }
  }

  /// The options for a model.
  ///
  /// - Throws: A ``Failure`` for a beam wider than the vocabulary, and for words that are no token.
  func options(for model: GenerationModel, hypothesisCount: Int = 1) throws -> GenerationOptions {
    var defaults = model.kind.searchOptions
    // A source of any length is translated whole: its own bound is the one that counts.
    if model.kind == .translator { defaults.maximumLength = 1 << 30 }
    return try options(
      from: defaults, codec: model.targetCodec, hypothesisCount: hypothesisCount)
  }

  /// The options for a model that writes tokens of a codec.
  ///
  /// - Throws: A ``Failure`` for a beam wider than the vocabulary, and for words that are no token.
  func options(
    from defaults: GenerationOptions, codec: TextCodec, hypothesisCount: Int
  ) throws -> GenerationOptions {
    let vocabularySize = codec.vocabularySize
    guard sample || hypothesisCount <= beam else {
      throw Failure(
        "expected --n-best of at most --beam, \(beam), or --sample; found \(hypothesisCount)",
        .usage)
    }
    guard beam <= vocabularySize else {
      throw Failure(
        "expected --beam of at most \(vocabularySize), the model's vocabulary, found \(beam)",
        .usage)
    }
    var options = defaults
    (options.beamSize, options.hypothesisCount) = (beam, hypothesisCount)
    if let lengthPenalty { options.lengthPenalty = lengthPenalty }
    options.patience = patience ?? .infinity
    options.isExact = exact
    options.minimumLength = minLength
    if let maxLength { options.maximumLength = maxLength }
    options.repetitionPenalty = repetitionPenalty
    options.noRepeatNgramSize = noRepeatNgram
    options.bannedTokens = Set(try ban.map { try token($0, codec) })
    options.forcedTokens = Dictionary(uniqueKeysWithValues: zip(0..., try prefixTokens(codec)))
    if sample { options.sampling = sampling }
    return options
  }

  /// How tokens are drawn.
  var sampling: GenerationOptions.Sampling {
    var sampling = GenerationOptions.Sampling()
    (sampling.temperature, sampling.topK, sampling.topP) = (temperature, topK, topP)
    sampling.seed = seed
    return sampling
  }

  private func prefixTokens(_ codec: TextCodec) throws -> [Int32] {
    guard let prefix else { return [] }
    let tokens = codec.encode(prefix)
    guard !tokens.contains(GenerationTokens().unknown) else {
      throw Failure(
        "expected --prefix of words that the model knows, found \(prefix.quoted)", .usage)
    }
    return tokens
  }

  /// The one token of a word.
  private func token(_ word: String, _ codec: TextCodec) throws -> Int32 {
    let tokens = codec.encode(word)
    guard tokens.count == 1, tokens[0] != GenerationTokens().unknown else {
      throw Failure("expected --ban of one token of the model, found \(word.quoted)", .usage)
    }
    return tokens[0]
  }
}

/// The model that a verb writes with.
struct GenerationModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: .file("The model file."),
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @OptionGroup var threads: ThreadOptions

  /// The number of threads to use.
  var threadCount: Int { threads.count }

  /// Loads the model.
  func load(_ kind: GenerationModel.Kind) throws -> GenerationModel {
    try GenerationModel(contentsOf: model, kind: kind)
  }
}

/// How tokens become texts.
struct SpellingOptions: ParsableArguments {
  @Flag(help: "Put capitals at the starts of sentences.")
  var capitals = false

  @Option(help: ArgumentHelp("Whose rules of spaces marks go by.", valueName: "language"))
  var language = Detokenizer.Language.english

  /// The rules.
  var detokenizer: Detokenizer { Detokenizer(language: language, capitalizes: capitals) }
}

/// How results are written, and what else is made of them.
struct GenerationOutputOptions: ParsableArguments {
  @Option(help: .count("How many texts are written of each input."))
  var nBest = 1

  @Option(help: "How results are written.")
  var format = OutputFormat.text

  @OptionGroup var spelling: SpellingOptions

  @Option(
    help: .file(
      "Where a page for a browser is written that shows the probability of each token, and what a "
        + "translator looked at, of the first \(Self.pageLimit) inputs."),
    completion: .file(extensions: ["html"]))
  var explain: String?

  @Flag(help: "Replace the page where it exists.")
  var force = false

  /// More would make a page that no browser scrolls well.
  static let pageLimit = 50

  func validate() throws {
    guard nBest > 0 else {
      throw ValidationError("Expected --n-best of 1 or more, found \(nBest).")
    }
  }
}
