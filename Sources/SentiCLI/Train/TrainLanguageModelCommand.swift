import ArgumentParser
import Glibc
import SentiCorpora
import SentiModels
import SentiRNN
import SentiTensor
import SentiText
import SentiTraining

/// `senti train language-model`: makes a net that predicts words, for classifiers to start from.
struct TrainLanguageModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language-model",
    abstract: "Train a language model, to generate texts or pre-train classifiers.",
    discussion: """
      The texts need no labels: a .csv, .tsv or .jsonl file, a folder of one text a file, or lines. \
      Some texts are held out; after every epoch their loss is measured, and the epoch with the \
      lowest is kept. The softmax is sampled in training and whole in measuring.

      With --bidirectional a second net on the same word vectors reads from the last word to the \
      first. `senti train sentiment --from` then starts from the word vectors and the layers.

      The same texts, options, seed and number of threads give the same weights, bit for bit, \
      also when the training was interrupted with Ctrl-C and resumed.

      Examples:
        senti train language-model reviews.jsonl -o words.safetensors --lazy
        senti train sentiment labelled.csv --from words.safetensors -o model.safetensors
      """)

  @Argument(help: "The texts; - is standard input.", completion: .file())
  var data: String

  @Option(help: .name("The field that holds the text of a row."))
  var textField = "text"

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: .count("The number of held-out texts."))
  var validationCount = 500

  @OptionGroup(title: "Net") var net: LanguageModelNetOptions
  @OptionGroup(title: "Recipe") var recipe: LanguageModelRecipeOptions

  @OptionGroup var training: TrainingRun

  func validate() throws {
    guard validationCount >= 0 else {
      throw ValidationError("Expected --validation-count of 0 or more.")
    }
  }

  func run() throws {
    try training.requireFreeOutputs(output, reading: [data])
    let cardTexts = try training.cardTexts()
    let texts = try readTexts()
    guard validationCount < texts.count else {
      throw Failure(
        "\(data): expected more than the \(validationCount) texts to hold out, found \(texts.count)",
        .badData)
    }
    var generator = SeededGenerator(seed: recipe.steps.seed)
    let held = HeldOut(texts, size: .count(validationCount), using: &generator)
    var options = LanguageModelTrainingOptions()
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    var model = try LanguageModelTraining(
      held.training.map(\.text), validation: held.validation.map(\.text), options: options)
    training.note(
      "\(data): \(Columns.grouped(held.training.count)) texts to learn from, "
        + "\(Columns.grouped(held.validation.count)) held out, "
        + "\(Columns.grouped(model.tokenCount)) tokens, "
        + "\(Columns.grouped(model.codec.vocabularySize)) \(model.codec.unit.rawValue)")
    let seconds = try training.finish(&model)
    try finish(model, cardTexts, seconds: seconds)
  }

  private func readTexts() throws -> [LabelledText] {
    let fields = CorpusFields(text: textField, label: nil)
    let corpus: Corpus
    if data != "-", (try? CorpusFormat.detected(at: data)) == .folder {
      corpus = try Corpus(
        CorpusReader(data, format: .folder, fields: fields, encoding: encoding))
    } else {
      let rows = try RowReader(
        ByteSource.argument(data, encoding: encoding), format: CorpusFormat(extensionOf: data),
        textField: textField)
      corpus = try Corpus(CorpusReader(rows, fields: fields))
    }
    for problem in corpus.problems { Diagnostics.warn("\(problem); left out") }
    return corpus.texts
  }

  /// Measures the best epoch as it will be stored, fills in the card and writes the model.
  private func finish(
    _ trained: LanguageModelTraining, _ texts: ModelCard, seconds: Double
  ) throws {
    var model = trained.model()
    let figures = model.card.figures
    model.card = texts
    model.card.record(trained, seconds: seconds)
    model.card.figures = figures
    training.recordCommand(in: &model.card)
    if let perplexity = figures["validation_perplexity"] {
      training.note("perplexity of a token, held out: \(Columns.fixed(perplexity, digits: 2))")
    }
    try model.write(to: output, overwriting: training.force)
    training.note("\(output): written")
  }
}

extension LanguageModelTraining: EpochwiseTraining {}

/// What net a language model is.
struct LanguageModelNetOptions: ParsableArguments {
  @Option(help: "The recurrent cell.")
  var cell = Self.defaults.configuration.cell

  @Option(help: .size("The size of a word vector."))
  var embeddingSize = Self.defaults.configuration.embeddingSize

  @Option(help: .size("The number of hidden units of each direction."))
  var hiddenSize = Self.defaults.configuration.hiddenSize

  @Option(help: .count("The number of recurrent layers."))
  var layers = Self.defaults.configuration.layerCount

  @Flag(help: "Also train a network that reads from the last word to the first.")
  var bidirectional = false

  @Flag(
    help: ArgumentHelp(
      "Split words by byte-pair encoding; with --max-size 260 every byte is a token. Classifiers "
        + "cannot start from such a model."))
  var subwords = false

  @Flag(help: "Read and write characters, not words.")
  var characters = false

  @Option(help: .count("The maximum vocabulary size, the four special tokens included."))
  var maxSize = Self.defaults.codec.maximumSize

  @Option(help: .count("The minimum count of a word, or of a byte pair."))
  var minCount = Self.defaults.codec.minimumCount

  @Option(help: NormalizationSteps.help)
  var normalize = NormalizationSteps.reviews

  private static let defaults = LanguageModelTrainingOptions()

  func validate() throws {
    try ValidationError.checkNet(sizes: [embeddingSize, hiddenSize], layers: layers)
    try ValidationError.checkVocabulary(minCount: minCount, maxSize: maxSize)
    guard !subwords || !characters else {
      throw ValidationError("Expected --subwords or --characters, not both.")
    }
    guard !bidirectional || layers == 1 else {
      throw ValidationError("Expected --bidirectional with one layer.")
    }
  }

  /// Writes the options into a training's.
  func apply(to options: inout LanguageModelTrainingOptions) {
    options.configuration.cell = cell
    options.configuration.embeddingSize = embeddingSize
    options.configuration.hiddenSize = hiddenSize
    options.configuration.layerCount = layers
    options.configuration.isBidirectional = bidirectional
    options.codec.unit = subwords ? .subwords : characters ? .characters : .words
    options.codec.maximumSize = maxSize
    options.codec.minimumCount = minCount
    options.codec.normalization = normalize.normalization.description
  }
}

/// The defaults of `senti train language-model`.
enum LanguageModelDefaults: TrainingDefaults {
  static var settings: TrainingSettings { LanguageModelTrainingOptions().settings }
  static var batch: String { "tokens" }
}

/// How a language model is trained.
struct LanguageModelRecipeOptions: ParsableArguments {
  @OptionGroup var steps: StepOptions<LanguageModelDefaults>

  @Option(help: .count("The number of negative samples of the softmax, drawn once a window."))
  var candidates = Self.defaults.candidateCount

  @Option(help: .count("The steps of truncated backpropagation; states are carried over."))
  var window = Self.defaults.windowSize

  @Option(help: .fraction("Word dropout: the fraction of words replaced by the unknown token."))
  var wordDropout = Self.defaults.regularization.wordDropout

  @Option(help: .fraction("The dropout rate of word vectors."))
  var embeddingDropout = Self.defaults.regularization.embeddingDropout

  @Option(
    help: .fraction("The dropout rate of recurrent weights (DropConnect); one mask a batch."))
  var recurrentDropout = Self.defaults.regularization.recurrentDropout

  @Option(help: .fraction("The dropout rate before the output layer; one mask a text."))
  var outputDropout = Self.defaults.regularization.outputDropout

  private static let defaults = LanguageModelTrainingOptions()

  func validate() throws {
    guard candidates > 0, window > 0 else {
      throw ValidationError("Expected --candidates and --window above 0.")
    }
    try ValidationError.checkShares([
      wordDropout, embeddingDropout, recurrentDropout, outputDropout,
    ])
  }

  /// Writes the options into a training's.
  func apply(to options: inout LanguageModelTrainingOptions, threadCount: Int) {
    steps.apply(to: &options.settings, threadCount: threadCount)
    options.candidateCount = candidates
    options.windowSize = window
    options.regularization.wordDropout = wordDropout
    options.regularization.embeddingDropout = embeddingDropout
    options.regularization.recurrentDropout = recurrentDropout
    options.regularization.outputDropout = outputDropout
  }
}
