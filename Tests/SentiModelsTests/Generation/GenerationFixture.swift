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
      let vocabulary_size: Int
      let hidden_size: Int
      let layer_count: Int?
      let is_bidirectional: Bool?
      let shares_embedding: Bool?
    }

    let vocabulary_size: Int
    let vector_size: Int
    let entry: VectorEntry?
    let embedding_size: Int
    let cell: CellKind?
    let hidden_size: Int
    let layer_count: Int?
    let attention: AttentionKind?
    let is_tied: Bool?
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
  let log_probabilities: Fixture.Tensor
  let loss: Double
  let parameters: [String: Fixture.Tensor]
  let gradients: [String: Fixture.Tensor]

  static func read(_ name: String) throws -> GenerationFixture {
    try Fixture.read(name, of: "SentiModelsTests")
  }

  var network: GenerationNetwork {
    let encoder = shape.encoder.map { part in
      var encoder = EncoderConfiguration(vocabularySize: part.vocabulary_size)
      encoder.embeddingSize = shape.embedding_size
      encoder.cell = shape.cell ?? .gru
      encoder.hiddenSize = part.hidden_size
      encoder.layerCount = part.layer_count ?? 1
      encoder.isBidirectional = part.is_bidirectional ?? true
      encoder.sharesEmbedding = part.shares_embedding ?? false
      return encoder
    }
    var decoder = DecoderConfiguration(
      vocabularySize: shape.vocabulary_size,
      vectorSize: encoder.map { $0.hiddenSize * ($0.isBidirectional ? 2 : 1) }
        ?? shape.vector_size)
    decoder.entry = shape.entry ?? .initialState
    decoder.embeddingSize = shape.embedding_size
    decoder.cell = shape.cell ?? .gru
    decoder.hiddenSize = shape.hidden_size
    decoder.layerCount = shape.layer_count ?? 1
    decoder.attention = shape.attention
    decoder.isTied = shape.is_tied ?? true
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
