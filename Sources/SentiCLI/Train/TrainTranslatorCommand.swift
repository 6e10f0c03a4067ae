import ArgumentParser
import SentiCorpora
import SentiModels

/// `senti train translator`: makes a translator of texts in two languages.
struct TrainTranslatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translator",
    abstract: "Train a translator on parallel lines of two languages.",
    discussion: """
      Both files hold a sentence a line; line N of the one is a translation of line N of the other. \
      Pairs with an empty line are left out.

      With --validation-source and --validation-target, those lines are translated after every \
      epoch, and the epoch with the best BLEU is kept.

      The same files, options, seed and number of threads give the same weights, bit for bit, also \
      when the training was interrupted with Ctrl-C and resumed.

      Examples:
        senti train translator train.en train.de -o en-de.safetensors --shared
        senti train translator train.en train.de --validation-source val.en \\
          --validation-target val.de -o en-de.safetensors
      """)

  @Argument(help: "The sentences to translate.", completion: .file())
  var source: String

  @Argument(help: "Their translations.", completion: .file())
  var target: String

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: .file("Sentences of a validation set."), completion: .file())
  var validationSource: String?

  @Option(help: .file("Their translations."), completion: .file())
  var validationTarget: String?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @OptionGroup(title: "Encoder") var encoder: EncoderOptions
  @OptionGroup(title: "Decoder") var decoder: DecoderOptions<TranslatorDefaults>
  @OptionGroup(title: "Recipe") var recipe: GenerationRecipe<TranslatorDefaults>
  @OptionGroup var training: TrainingRun

  func validate() throws {
    guard (validationSource == nil) == (validationTarget == nil) else {
      throw ValidationError("Expected --validation-source and --validation-target, or neither.")
    }
  }

  func run() throws {
    try training.requireFreeOutputs(
      output, reading: [source, target, validationSource, validationTarget])
    let texts = try self.texts(source, target)
    var held: [GenerationText] = []
    if let validationSource, let validationTarget {
      held = try self.texts(validationSource, validationTarget)
    }
    var options = GenerationTrainingOptions.translator
    encoder.apply(to: &options)
    decoder.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    try training.makeModel(texts, validation: held, options: options, output: output)
  }

  /// Joins the lines of two files.
  private func texts(_ sourcePath: String, _ targetPath: String) throws -> [GenerationText] {
    let (sources, targets) = (try lines(of: sourcePath), try lines(of: targetPath))
    guard sources.count == targets.count else {
      throw Failure(
        "\(targetPath): expected \(sources.count) lines as in \(sourcePath), found "
          + "\(targets.count)", .badData)
    }
    let pairs = zip(sources, targets).filter { !$0.isEmpty && !$1.isEmpty }
    if pairs.count < sources.count {
      Diagnostics.warn(
        "\(targetPath): \(sources.count - pairs.count) pairs with an empty line left out")
    }
    return pairs.map { GenerationText(source: .text($0), targets: [$1]) }
  }

  /// The lines of a file, without white space at their ends.
  private func lines(of path: String) throws -> [String] {
    try RowReader(ByteSource(path: path, encoding: encoding), format: .lines).map { row in
      let text = try row.get().text(of: "text")
      return String(
        text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
  }
}
