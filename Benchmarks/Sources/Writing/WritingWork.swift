internal import SentiModels
internal import SentiRNN
internal import SentiTensor

/// A net and a batch that is trained on again and again.
///
/// Lengths follow from a text's number, so that the peer has the same ones.
struct WritingWork {
  let name: String
  let network: GenerationNetwork
  let examples: [GenerationExample]

  /// Vectors of 1,024 numbers, one layer of 512 units.
  static func captioner(_ batch: Int, _ vocabulary: Int) -> WritingWork {
    var decoder = DecoderConfiguration(vocabularySize: vocabulary, vectorSize: 1024)
    decoder.hiddenSize = 512
    var random = SeededGenerator(seed: 7)
    let examples = (0..<batch).map { index in
      GenerationExample(
        source: .vector((0..<1024).map { _ in Float(random.normal()) }),
        target: tokens(8 + index * 7 % 9, vocabulary, &random))
    }
    return WritingWork(
      name: "captioner", network: GenerationNetwork(GenerationConfiguration(decoder: decoder)),
      examples: examples)
  }

  /// Two directions of 256 units, two layers of 320 units around a dot product.
  static func translator(_ batch: Int, _ vocabulary: Int) -> WritingWork {
    let encoder = EncoderConfiguration(vocabularySize: vocabulary)
    var decoder = DecoderConfiguration(
      vocabularySize: vocabulary, vectorSize: 2 * encoder.hiddenSize)
    decoder.layerCount = 2
    decoder.attention = .dot
    var random = SeededGenerator(seed: 7)
    let examples = (0..<batch).map { index in
      GenerationExample(
        source: .tokens(tokens(9 + index * 7 % 13, vocabulary, &random)),
        target: tokens(8 + index * 7 % 13, vocabulary, &random))
    }
    return WritingWork(
      name: "translator",
      network: GenerationNetwork(GenerationConfiguration(encoder: encoder, decoder: decoder)),
      examples: examples)
  }

  private static func tokens(
    _ count: Int, _ vocabulary: Int, _ random: inout SeededGenerator
  ) -> [Int32] {
    (0..<count).map { _ in Int32.random(in: 4..<Int32(vocabulary), using: &random) }
  }

  /// The tokens that are written, with their ends.
  var tokenCount: Int { examples.reduce(0) { $0 + $1.target.count + 1 } }
}
