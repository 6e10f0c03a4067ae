import SentiModels
import SentiTestSupport
import SentiTraining

/// A captioner and a translator that know four sentences each by heart; trained once for all tests.
enum TinyWriters {
  /// A vector's first half says which animal, its second what it does.
  static let captions: [(vector: [Float], text: String)] = [
    ([1, 0, 1, 0], "a cat sleeps."), ([1, 0, 0, 1], "a cat runs."),
    ([0, 1, 1, 0], "a dog sleeps, too."), ([0, 1, 0, 1], "a dog runs."),
  ]

  static let translations = [
    ("the cat sleeps .", "Die Katze schl\u{E4}ft."), ("the dog sleeps .", "Der Hund schl\u{E4}ft."),
    ("the cat runs .", "Die Katze rennt."), ("the dog runs .", "Der Hund rennt."),
  ]

  static let captioner = Result {
    try trained(captions.map { GenerationText(source: .vector($0.vector), targets: [$0.text]) })
  }

  static let translator = Result {
    try trained(translations.map { GenerationText(source: .text($0.0), targets: [$0.1]) })
  }

  private static func trained(_ texts: [GenerationText]) throws -> GenerationModel {
    var options = GenerationTrainingOptions()
    options.codec.unit = .words
    options.codec.minimumCount = 1
    (options.embeddingSize, options.encoderSize, options.decoderSize) = (16, 16, 24)
    options.decoderLayerCount = 1
    options.regularization = .none
    options.settings.epochCount = 120
    options.settings.learningRate = 0.02
    options.settings.threadCount = 1
    var training = try GenerationTraining(texts, validation: [], options: options)
    while !training.isFinished { _ = try training.runEpoch { _ in true } }
    return training.model()
  }
}

/// A folder with the tiny captioner, translator and vectors in it, in which the program is run.
struct WritersPlace {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try TinyWriters.captioner.get().write(to: folder["captioner.safetensors"])
    try TinyWriters.translator.get().write(to: folder["translator.safetensors"])
    try folder.write(
      numPyBytes(TinyWriters.captions.flatMap(\.vector), shape: "(4, 4)"), to: "v.npy")
    try folder.write("sleeping cat\nrunning cat\nsleeping dog\nrunning dog\n", to: "names.txt")
  }

  /// Runs the program.
  func run(_ arguments: String..., input: String = "") throws -> Senti.Outcome {
    try Senti.run(arguments, input: input, in: folder)
  }

  /// Runs `senti caption` with the tiny captioner.
  func caption(_ arguments: String...) throws -> Senti.Outcome {
    try Senti.run(["caption", "-m", "captioner.safetensors"] + arguments, in: folder)
  }

  /// Runs `senti translate` with the tiny translator.
  func translate(_ arguments: String..., input: String = "") throws -> Senti.Outcome {
    try Senti.run(
      ["translate", "-m", "translator.safetensors"] + arguments, input: input, in: folder)
  }
}
