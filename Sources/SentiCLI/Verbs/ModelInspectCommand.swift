import ArgumentParser
import SentiModels
import SentiRNN
import SentiTensor
import SentiText

/// `senti model inspect`: what a model file holds.
struct ModelInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a model file holds: net, tokenizer, labels, calibration, card.",
    discussion: """
      Examples:
        senti model inspect
        senti model inspect my.safetensors --format json | jq .card
      """)

  @Argument(
    help: "A model file (default: the English model that comes with senti).",
    completion: .file(extensions: ["safetensors"]))
  var file: String?

  @Option(help: "How the answer is written.")
  var format = InspectionFormat.text

  func run() throws {
    let inspection = try ModelInspection(file ?? SentimentClassifier.bundledEnglishPath)
    var output = Output()
    switch format {
    case .text: try output.write(inspection.text)
    case .json: try output.writeLine(inspection.json)
    }
    try output.flush()
  }
}

/// A model file as a classifier and as an archive.
private struct ModelInspection {
  private let path: String
  private let classifier: SentimentClassifier
  private let archive: SafetensorsArchive

  init(_ path: String) throws {
    self.path = path
    classifier = try SentimentClassifier(contentsOf: path)
    archive = try SafetensorsArchive(contentsOf: path)
  }

  private var header: VocabularyHeader { classifier.pipeline.vocabulary.header }
  private var parameterCount: Int { classifier.network.layout.elementCount }
  private var formatVersion: String {
    archive.metadata[SafetensorsArchive.formatVersionKey] ?? ""
  }

  // MARK: Text

  var text: String {
    [Columns.aligned(facts), Columns.aligned(cardRows), Columns.aligned(tensorRows)]
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var facts: [[String]] {
    [
      ["file", path],
      ["model", "sentiment, format version \(formatVersion)"],
      ["labels", classifier.labels.joined(separator: ", ")],
      ["net", architecture],
      ["parameters", Columns.grouped(parameterCount)],
      ["precision", classifier.precision.rawValue],
      ["vocabulary", "\(Columns.grouped(classifier.pipeline.vocabulary.count)) tokens"],
      ["normalization", header.normalization.description],
      ["built with", header.versions.description],
      ["linked with", ICUVersion.linked.description],
      ["word boundaries", classifier.pipeline.agreementText],
      ["temperature", Columns.fixed(classifier.temperature, digits: 4)],
      ["checksum", archive.metadata[SafetensorsArchive.checksumKey] ?? ""],
    ]
  }

  private var architecture: String {
    let shape = classifier.network.configuration
    let direction = shape.isBidirectional ? "bidirectional" : "forward"
    let pooling = shape.pooling.map(\.rawValue).joined(separator: "+")
    return "embedding \(shape.embeddingSize), \(shape.layerCount) x \(shape.cell.rawValue) "
      + "\(shape.hiddenSize) \(direction), pooling \(pooling), \(shape.classCount) classes"
  }

  private var cardRows: [[String]] {
    let card = classifier.card
    let texts = [
      ["name", card.name], ["summary", card.summary], ["language", card.language],
      ["license", card.license], ["training data", card.trainingData], ["limits", card.limits],
      ["command", card.command], ["machine", card.machine], ["date", card.date],
    ]
    let seconds = card.trainingSeconds > 0 ? Columns.fixed(card.trainingSeconds, digits: 0) : ""
    let recipe = card.recipe.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
    let figures = card.figures.sorted { $0.key < $1.key }
      .map { [$0.key, Columns.fixed($0.value, digits: $0.value == $0.value.rounded() ? 0 : 4)] }
    return (texts + [["training seconds", seconds]] + recipe + figures).filter { !$0[1].isEmpty }
  }

  private var tensorRows: [[String]] {
    [["tensor", "type", "shape"]]
      + archive.tensors.map {
        [$0.name, $0.elementType.rawValue, $0.shape.map(String.init).joined(separator: " x ")]
      }
  }

  // MARK: JSON

  var json: JSONValue {
    .object([
      "file": .string(path), "kind": .string("sentiment"),
      "format_version": .integer(Int(formatVersion) ?? 0),
      "labels": .array(classifier.labels.map { .string($0) }),
      "architecture": .encoding(classifier.network.configuration),
      "parameters": .integer(parameterCount),
      "precision": .string(classifier.precision.rawValue),
      "vocabulary_size": .integer(classifier.pipeline.vocabulary.count),
      "normalization": .string(header.normalization.description),
      "icu_version": .string(header.versions.icu),
      "unicode_version": .string(header.versions.unicode),
      "linked_icu_version": .string(ICUVersion.linked.icu),
      "linked_unicode_version": .string(ICUVersion.linked.unicode),
      "same_word_boundaries": classifier.pipeline.cutsAsRecorded.map { .boolean($0) } ?? .null,
      "temperature": .number(classifier.temperature),
      "card": .encoding(classifier.card),
      "tensors": .array(archive.tensors.map(json)),
    ])
  }

  private func json(_ tensor: SafetensorsArchive.Tensor) -> JSONValue {
    .object([
      "name": .string(tensor.name), "type": .string(tensor.elementType.rawValue),
      "shape": .array(tensor.shape.map { .integer($0) }),
    ])
  }
}
