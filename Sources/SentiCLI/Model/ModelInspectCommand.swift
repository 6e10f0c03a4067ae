import ArgumentParser
import SentiModels
import SentiRNN
import SentiTensor
import SentiText

/// `senti model inspect`: what a model file holds.
struct ModelInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model file holds: network, tokenizer, labels, calibration, card.",
    discussion: """
      Examples:
        senti model inspect
        senti model inspect my.safetensors --format json | jq .card
      """)

  @Argument(
    help: "A model file, or small (default: the accurate English model that comes with senti).",
    completion: .file(extensions: ["safetensors"]))
  var file: String?

  @Option(help: "The output format.")
  var format = InspectionFormat.text

  func run() throws {
    let inspection = try ModelInspection(ModelSource(argument: file))
    try format.print(inspection.text, json: inspection.json)
  }
}

/// What a model file of any kind holds.
private struct ModelInspection {
  private let source: ModelSource
  private let archive: SafetensorsArchive
  private let kind: String
  private let card: ModelCard
  /// What only this kind of model has, for people and in JSON.
  private let own: (facts: [[String]], members: [JSONValue.Member])

  init(_ source: ModelSource) throws {
    self.source = source
    let stored = try source.kind()
    if stored == Forecaster.kind {
      let model = try Forecaster(source)
      (kind, card, own) = (Forecaster.kind, model.card, (model.facts, model.members))
    } else if stored == LanguageModel.kind {
      let model = try LanguageModel(source)
      (kind, card, own) = (LanguageModel.kind, model.card, (model.facts, model.members))
    } else if let kind = GenerationModel.Kind(rawValue: stored) {
      let model = try GenerationModel(source)
      (self.kind, card, own) = (kind.rawValue, model.card, (model.facts, model.members))
    } else {
      let model = try SentimentClassifier(source)
      (kind, card, own) = ("sentiment", model.card, (model.facts, model.members))
    }
    archive = try source.archive()
  }

  private var formatVersion: String {
    archive.metadata[SafetensorsArchive.formatVersionKey] ?? ""
  }

  // MARK: Text

  var text: String {
    [Columns.aligned(facts), Columns.aligned(cardRows), Columns.aligned(tensorRows)]
      .filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var facts: [[String]] {
    [["file", source.name], ["model", "\(kind), format version \(formatVersion)"]] + own.facts
      + [["checksum", archive.metadata[SafetensorsArchive.checksumKey] ?? ""]]
  }

  private var cardRows: [[String]] {
    let texts = [
      ["name", card.name], ["summary", card.summary], ["language", card.language],
      ["license", card.license], ["training data", card.trainingData], ["limits", card.limits],
      ["command", card.command], ["machine", card.machine], ["date", card.date],
    ]
    let seconds = card.trainingSeconds > 0 ? Columns.fixed(card.trainingSeconds, digits: 0) : ""
    let recipe = card.recipe.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
    let figures = card.figures.sorted { $0.key < $1.key }
      .map { [$0.key, Columns.fixed($0.value, digits: $0.value == $0.value.rounded() ? 0 : 4)] }
    let known = card.trainingTexts.map { Columns.grouped($0.textCount) } ?? ""
    let facts = [["training seconds", seconds], ["training texts known by hash", known]]
    return (texts + facts + recipe + figures).filter { !$0[1].isEmpty }
  }

  private var tensorRows: [[String]] {
    [["tensor", "type", "shape"]]
      + archive.tensors.map {
        [$0.name, $0.elementType.rawValue, $0.shape.map(String.init).joined(separator: " x ")]
      }
  }

  // MARK: JSON

  var json: JSONValue {
    let first = JSONValue.Member.list([
      "file": source.path.map { .string($0) } ?? .null,
      "bundled": source.bundledModel.map { .string($0.rawValue) } ?? .null,
      "kind": .string(kind),
      "format_version": .integer(Int(formatVersion) ?? 0),
    ])
    let last = JSONValue.Member.list([
      "card": .encoding(card), "tensors": .array(archive.tensors.map(json)),
    ])
    return .members(first + own.members + last)
  }

  private func json(_ tensor: SafetensorsArchive.Tensor) -> JSONValue {
    .object([
      "name": .string(tensor.name), "type": .string(tensor.elementType.rawValue),
      "shape": .array(tensor.shape.map { .integer($0) }),
    ])
  }
}

extension SentimentClassifier {
  private var header: VocabularyHeader { pipeline.vocabulary.header }

  fileprivate var facts: [[String]] {
    [
      ["labels", labels.joined(separator: ", ")],
      ["net", architecture],
      ["parameters", Columns.grouped(network.layout.elementCount)],
      ["precision", precision.rawValue],
      ["vocabulary", "\(Columns.grouped(pipeline.vocabulary.count)) tokens"],
      ["normalization", header.normalization.description],
    ] + pipeline.originFacts + [["temperature", Columns.fixed(temperature, digits: 4)]]
  }

  private var architecture: String {
    let shape = network.configuration
    let direction = shape.isBidirectional ? "bidirectional" : "forward"
    let pooling = shape.pooling.map(\.rawValue).joined(separator: "+")
    return "embedding \(shape.embeddingSize), \(shape.layerCount) x \(shape.cell.name) "
      + "\(shape.hiddenSize) \(direction), pooling \(pooling), \(shape.classCount) classes"
  }

  fileprivate var members: [JSONValue.Member] {
    JSONValue.Member.list([
      "labels": .array(labels.map { .string($0) }),
      "architecture": .encoding(network.configuration),
      "parameters": .integer(network.layout.elementCount),
      "precision": .string(precision.rawValue),
      "vocabulary_size": .integer(pipeline.vocabulary.count),
      "normalization": .string(header.normalization.description),
    ]) + pipeline.originMembers + JSONValue.Member.list(["temperature": .number(temperature)])
  }
}

extension GenerationModel {
  fileprivate var facts: [[String]] {
    let shape = network.configuration
    var facts: [[String]] = []
    if let encoder = shape.encoder, let sourceCodec {
      let direction = encoder.isBidirectional ? "bidirectional" : "forward"
      facts += [
        [
          "encoder",
          "embedding \(encoder.embeddingSize), \(encoder.layerCount) x \(encoder.cell.name) "
            + "\(encoder.hiddenSize) \(direction)",
        ],
        ["attention", shape.decoder.attention?.rawValue ?? "none"],
        ["reads", sourceCodec.summary + (encoder.sharesEmbedding ? ", those that it writes" : "")],
      ]
    } else {
      facts.append(["vectors", "\(vectorSize) numbers each"])
    }
    return facts + [
      [
        "decoder",
        "embedding \(shape.decoder.embeddingSize), \(shape.decoder.layerCount) x "
          + "\(shape.decoder.cell.name) \(shape.decoder.hiddenSize), "
          + "entry \(shape.decoder.entry.rawValue)" + (shape.decoder.isTied ? ", tied output" : ""),
      ],
      ["writes", targetCodec.summary],
      ["parameters", Columns.grouped(network.layout.elementCount)],
      ["precision", precision.rawValue],
    ]
  }

  fileprivate var members: [JSONValue.Member] {
    JSONValue.Member.list([
      "architecture": .encoding(network.configuration),
      "parameters": .integer(network.layout.elementCount),
      "precision": .string(precision.rawValue),
      "vocabulary_size": .integer(targetCodec.vocabularySize),
      "source_vocabulary_size": sourceCodec.map { .integer($0.vocabularySize) } ?? .null,
    ])
  }
}

extension LanguageModel {
  fileprivate var facts: [[String]] {
    let shape = network.configuration
    return [
      [
        "net",
        "embedding \(shape.embeddingSize), \(shape.layerCount) x \(shape.cell.name) "
          + "\(shape.hiddenSize) \(shape.isBidirectional ? "bidirectional" : "forward")",
      ],
      ["tokens", codec.summary],
      ["parameters", Columns.grouped(network.layout.elementCount)],
    ]
  }

  fileprivate var members: [JSONValue.Member] {
    JSONValue.Member.list([
      "architecture": .encoding(network.configuration),
      "parameters": .integer(network.layout.elementCount),
      "vocabulary_size": .integer(codec.vocabularySize),
    ])
  }
}

extension Forecaster {
  private var shape: ForecasterConfiguration { network.configuration }

  private var columns: String {
    shape.covariates.map { $0.name + ($0.isKnownAhead ? ", known ahead" : "") }
      .joined(separator: "; ")
  }

  fileprivate var facts: [[String]] {
    [
      ["times", "\(step) apart, season \(shape.season)"],
      ["reads", "\(shape.windowSize) times, \(shape.lagCount) of them directly"],
      ["forecasts", "\(shape.horizon) times, \(shape.levels.count) quantiles each"],
      ["corrects", "\(shape.base.rawValue), scaled by the \(shape.scaling.rawValue)"],
      ["transform", shape.transform.rawValue],
      ["calendar", shape.calendar.map(\.rawValue).joined(separator: ", ")],
      ["columns", columns],
      ["net", "\(shape.layerCount) x \(shape.cell.name) \(shape.hiddenSize)"],
      ["ensemble", shape.memberCount > 1 ? "\(shape.memberCount) nets" : ""],
      ["parameters", Columns.grouped(network.layout.elementCount)],
      ["series", seriesIDs.isEmpty ? "any" : "\(Columns.grouped(seriesIDs.count)) with vectors"],
    ].filter { !$0[1].isEmpty }
  }

  fileprivate var members: [JSONValue.Member] {
    JSONValue.Member.list([
      "architecture": .encoding(shape),
      "parameters": .integer(network.layout.elementCount),
      "step": .string(step.description),
      "held_out": .integer(heldOutCount),
      "series": .array(seriesIDs.map { .string($0) }),
    ])
  }
}

extension TextCodec {
  /// How many tokens of which kind there are.
  fileprivate var summary: String {
    let count = Columns.grouped(vocabularySize)
    switch self {
    case .words(let pipeline): return "\(count) words, \(pipeline.normalization.description)"
    case .subwords, .characters: return "\(count) \(unit.rawValue)"
    }
  }
}
