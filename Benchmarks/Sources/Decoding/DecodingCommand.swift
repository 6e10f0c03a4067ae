internal import ArgumentParser
internal import Dispatch
internal import Measurement
internal import SentiModels
internal import SentiRNN
internal import SentiTensor

/// The program: measures beam search with nets of random weights.
///
/// Every text has the same number of tokens, so that the peer does the same work: the end is forbidden
/// until there.
@main
struct DecodingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decoding",
    abstract: "Measures beam search: captions of vectors, and translations with attention.",
    discussion: """
      Each work is done once to warm up and then again and again for --seconds; the median counts. \
      With n threads, n batches are searched at once. \
      The same works by PyTorch: peers/decoding_torch.py.

      Examples:
        decoding --beam 5 --seconds 10
      """)

  @Option(help: "The number of texts that are searched together.")
  var batch = 64

  @Option(help: "How many hypotheses go on at each step.")
  var beam = 5

  @Option(help: "The number of tokens of each text.")
  var length = 20

  @Option(help: "The number of tokens of each source.")
  var sourceLength = 15

  @Option(help: "The number of tokens that there are.")
  var vocabulary = 8_000

  @Option(parsing: .upToNextOption, help: "The works to measure.")
  var works = ["captioner", "translator"]

  @Flag(help: "Count processor time, for a machine that others use too; of one thread only.")
  var processorTime = false

  @Option(help: "How weights are rounded: full, bfloat16 or int8.")
  var precision = "full"

  @Option(parsing: .upToNextOption, help: "The numbers of threads to measure.")
  var threads = [1, 2]

  @Option(help: "The time to measure each figure for.")
  var seconds = 5.0

  @Option(help: "Write the figures to this file as JSON Lines.")
  var json: String?

  func validate() throws {
    guard WeightPrecision(rawValue: precision) != nil else {
      throw ValidationError("Expected full, bfloat16 or int8, found \(precision).")
    }
  }

  func run() throws {
    var figures: [Figure] = []
    for (work, generator, sources) in subjects where works.contains(work) {
      for count in processorTime ? [1] : threads {
        let times = Sampling(seconds: seconds, countsProcessorTime: processorTime).times {
          DispatchQueue.concurrentPerform(iterations: count) { _ in search(generator, sources) }
        }
        let rate = Double(count * batch * length) / times.median
        figures.append(Figure(work, cell: "gru", threads: count, value: rate, unit: "tokens/s"))
        print(
          Report.column(work, width: 12) + "\(count) threads  "
            + Report.column(rate, width: 12) + " tokens/s")
      }
    }
    if let json { try Report.write(lines: figures, to: json) }
  }

  /// Searches for the texts of one batch, and checks that none of them ended early.
  private func search(_ generator: NetworkGenerator, _ sources: [GenerationSource]) {
    var options = GenerationOptions()
    options.beamSize = beam
    (options.minimumLength, options.maximumLength) = (length, length)
    let found = TokenSearch(generator, options: options).hypotheses(
      from: generator.initialState(sources),
      for: sources.map { _ in GenerationRequest() })
    precondition(found.allSatisfy { $0[0].tokens.count == length }, "texts of other lengths")
  }

  /// The works with their nets and inputs.
  private var subjects: [(String, NetworkGenerator, [GenerationSource])] {
    var random = SeededGenerator(seed: 7)
    let vectors = (0..<batch).map { _ in
      GenerationSource.vector((0..<1024).map { _ in Float(random.normal()) })
    }
    let texts = (0..<batch).map { _ in
      GenerationSource.tokens(
        (0..<sourceLength).map { _ in Int32.random(in: 4..<Int32(vocabulary), using: &random) })
    }
    var captioner = DecoderConfiguration(vocabularySize: vocabulary, vectorSize: 1024)
    captioner.hiddenSize = 512
    let encoder = EncoderConfiguration(vocabularySize: vocabulary)
    var translator = DecoderConfiguration(
      vocabularySize: vocabulary, vectorSize: 2 * encoder.hiddenSize)
    translator.attention = .dot
    translator.layerCount = 2
    return [
      ("captioner", generator(GenerationConfiguration(decoder: captioner)), vectors),
      (
        "translator", generator(GenerationConfiguration(encoder: encoder, decoder: translator)),
        texts
      ),
    ]
  }

  private func generator(_ configuration: GenerationConfiguration) -> NetworkGenerator {
    let network = GenerationNetwork(configuration)
    let precision = WeightPrecision(rawValue: precision) ?? .full
    let stored: SafetensorsArchive.ElementType =
      switch precision {
      case .full: .float32
      case .bfloat16: .brainFloat16
      case .integer8: .integer8
      }
    return NetworkGenerator(
      network, parameters: network.initialParameters(seed: 1).rounded(to: stored),
      precision: precision)
  }
}
