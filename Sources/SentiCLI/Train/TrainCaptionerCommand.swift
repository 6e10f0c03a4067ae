import ArgumentParser
import SentiCorpora
import SentiModels
import SentiTensor

/// `senti train captioner`: makes a captioner of vectors and their captions.
struct TrainCaptionerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "captioner",
    abstract: "Train a captioner of vectors, such as features of images.",
    discussion: """
      The vectors are a .npy array with a list of names beside it, a .safetensors file or a .csv \
      table whose first column is the name. The captions are lines of a name, a tab and a text, or \
      a .csv or .jsonl file with the fields image and caption. A name may end in # and a number.

      With --validation-vectors and --validation-captions, the vectors are described after every \
      epoch, and the epoch with the best BLEU is kept.

      The same files, options, seed and number of threads give the same weights, bit for bit, also \
      when the training was interrupted with Ctrl-C and resumed.

      Examples:
        senti train captioner scenes.csv captions.tsv -o captioner.safetensors
        senti train captioner train.npy train.tsv --names train.txt \\
          --validation-vectors dev.npy --validation-names dev.txt \\
          --validation-captions dev.tsv -o captioner.safetensors
      """)

  @Argument(help: "The vectors.", completion: .file())
  var vectors: String

  @Argument(help: "Their captions.", completion: .file())
  var captions: String

  @Option(help: .file("The vectors' names, one a line."), completion: .file())
  var names: String?

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: .file("Vectors of a validation set."), completion: .file())
  var validationVectors: String?

  @Option(help: .file("Their captions."), completion: .file())
  var validationCaptions: String?

  @Option(help: .file("Their names, one a line."), completion: .file())
  var validationNames: String?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @OptionGroup(title: "Net") var net: DecoderOptions<CaptionerDefaults>
  @OptionGroup(title: "Recipe") var recipe: GenerationRecipe<CaptionerDefaults>
  @OptionGroup var training: TrainingRun

  func validate() throws {
    guard (validationVectors == nil) == (validationCaptions == nil) else {
      throw ValidationError("Expected --validation-vectors and --validation-captions, or neither.")
    }
  }

  func run() throws {
    try training.requireFreeOutputs(
      output,
      reading: [
        vectors, captions, names, validationVectors, validationCaptions, validationNames,
      ])
    let texts = try self.texts(vectors, names, captions)
    var held: [GenerationText] = []
    if let validationVectors, let validationCaptions {
      held = try self.texts(validationVectors, validationNames, validationCaptions)
      let width = texts.first?.vectorSize ?? 0
      guard let found = held.first?.vectorSize, found == width else {
        throw VectorError.width(
          path: validationVectors, expected: width, found: held.first?.vectorSize ?? 0)
      }
    }
    var options = GenerationTrainingOptions.captioner
    net.apply(to: &options)
    recipe.apply(to: &options, threadCount: training.threadCount)
    try training.makeModel(texts, validation: held, options: options, output: output)
  }

  /// Joins vectors and captions; vectors without captions are left out.
  private func texts(
    _ vectorsPath: String, _ namesPath: String?, _ captionsPath: String
  ) throws -> [GenerationText] {
    let vectors = try NamedVectors(contentsOf: vectorsPath, names: namesPath)
    let captions = try CaptionFile(contentsOf: captionsPath, encoding: encoding).texts(of: vectors)
    let rows = try vectors.rows(0..<vectors.count)
    var texts: [GenerationText] = []
    for (row, targets) in captions.enumerated() where !targets.isEmpty {
      texts.append(GenerationText(source: .vector(rows.row(row)), targets: targets))
    }
    guard texts.count == captions.count else {
      Diagnostics.warn("\(captionsPath): \(captions.count - texts.count) vectors have no caption")
      return texts
    }
    return texts
  }
}

extension GenerationText {
  /// The width of the vector that is written of.
  fileprivate var vectorSize: Int {
    if case .vector(let vector) = source { vector.count } else { 0 }
  }
}
