import Foundation
import SentiModels
import SentiRNN
import SentiTensor
import SentiTestSupport
import Testing

/// A net that writes, as PyTorch computed it; made by `ReferenceImplementations/generation.py`.
struct GenerationFixture: Decodable {
  static let names = [
    "captioner-initial-state", "captioner-first-input", "captioner-every-step",
    "captioner-then-zeros", "translator-additive", "translator-dot",
    "translator-dot-one-direction", "translator-final-vector",
  ]

  struct Shape: Decodable {
    struct Encoder: Decodable {
      let vocabularySize: Int
      let hiddenSize: Int
      let layerCount: Int?
      let isBidirectional: Bool?
      let sharesEmbedding: Bool?
    }

    let vocabularySize: Int
    let vectorSize: Int
    let entry: VectorEntry?
    let embeddingSize: Int
    let cell: CellConfiguration?
    let hiddenSize: Int
    let layerCount: Int?
    let attention: AttentionKind?
    let isTied: Bool?
    let encoder: Encoder?
  }

  enum Sources: Decodable {
    case vectors([[Float]])
    case texts([[Int32]])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do { self = .texts(try container.decode([[Int32]].self)) } catch {
        self = .vectors(try container.decode([[Float]].self))
      }
    }

    var all: [GenerationSource] {
      switch self {
      case .vectors(let vectors): vectors.map { .vector($0) }
      case .texts(let texts): texts.map { .tokens($0) }
      }
    }
  }

  let shape: Shape
  let smoothing: Double
  let sources: Sources
  let targets: [[Int32]]
  let logProbabilities: Fixture.Tensor
  let loss: Double
  let parameters: [String: Fixture.Tensor]
  let gradients: [String: Fixture.Tensor]

  static func read(_ name: String) throws -> GenerationFixture {
    try Fixture.read(name, of: "SentiModelsTests", keys: .convertFromSnakeCase)
  }

  var network: GenerationNetwork {
    let encoder = shape.encoder.map { part in
      var encoder = EncoderConfiguration(vocabularySize: part.vocabularySize)
      encoder.embeddingSize = shape.embeddingSize
      encoder.cell = shape.cell ?? .gru
      encoder.hiddenSize = part.hiddenSize
      encoder.layerCount = part.layerCount ?? 1
      encoder.isBidirectional = part.isBidirectional ?? true
      encoder.sharesEmbedding = part.sharesEmbedding ?? false
      return encoder
    }
    var decoder = DecoderConfiguration(
      vocabularySize: shape.vocabularySize,
      vectorSize: encoder.map { $0.hiddenSize * ($0.isBidirectional ? 2 : 1) }
        ?? shape.vectorSize)
    decoder.entry = shape.entry ?? .initialState
    decoder.embeddingSize = shape.embeddingSize
    decoder.cell = shape.cell ?? .gru
    decoder.hiddenSize = shape.hiddenSize
    decoder.layerCount = shape.layerCount ?? 1
    decoder.attention = shape.attention
    decoder.isTied = shape.isTied ?? true
    return GenerationNetwork(GenerationConfiguration(encoder: encoder, decoder: decoder))
  }

  var examples: [GenerationExample] {
    zip(sources.all, targets).map { GenerationExample(source: $0, target: $1) }
  }

  func arena<Scalar: MatrixScalar>(
    _ tensors: [String: Fixture.Tensor], _ network: GenerationNetwork
  ) throws -> Parameters<Scalar> {
    #expect(tensors.count == network.layout.slots.count)
    return try Parameters(layout: network.layout) { slot in
      let tensor = try #require(tensors[slot.name], "\(slot.name)")
      try #require(tensor.shape == slot.shape)
      return tensor.values.map { Scalar($0) }
    }
  }
}
