public import SentiTensor

/// Writes a caption of each vector: the features of an image, or whatever a captioner was trained on.
///
///     let decoder = try CaptionDecoder(contentsOf: "captioner.safetensors")
///     let vectors = try NamedVectors(contentsOf: "photographs.npy", names: "photographs.txt")
///     let captions = decoder.captions(of: try vectors.rows(0..<vectors.count))
///     for (name, caption) in zip(vectors.names, captions) { print(name, caption) }
///
/// The face of a captioner for those who want its texts; ``model`` is the whole of it, with hypotheses,
/// log-probabilities and export. A vector has the same caption alone and in any batch, at any thread
/// count. Safe to use from any thread.
public struct CaptionDecoder: Sendable {
  /// The model.
  public let model: GenerationModel

  /// How captions are searched for where nothing else is asked: with the five best hypotheses at each
  /// step, ranked by their probability as it is; see ``GenerationModel/Kind/searchOptions``.
  public static var options: GenerationOptions {
    var options = GenerationModel.Kind.captioner.searchOptions
    options.beamSize = 5
    return options
  }

  /// Loads a captioner.
  ///
  /// - Parameter path: A file that `senti train captioner` or ``GenerationModel`` wrote.
  /// - Throws: ``ModelError``, where the file is damaged or holds another kind of model.
  public init(contentsOf path: String) throws(ModelError) {
    self.init(try GenerationModel(contentsOf: path, kind: .captioner))
  }

  /// Takes a captioner, such as one that was just trained.
  ///
  /// - Parameter model: The model.
  /// - Precondition: It is a captioner.
  public init(_ model: GenerationModel) {
    precondition(model.kind == .captioner, "a \(model.kind) for captions")
    self.model = model
  }

  /// The width of the vectors, C.
  public var vectorSize: Int { model.vectorSize }

  /// Writes a caption of each vector.
  ///
  /// - Parameters:
  ///   - vectors: The vectors, `[B, C]`.
  ///   - options: How to search.
  ///   - threadCount: The number of threads to use; results do not depend on it.
  /// - Returns: One caption a vector, in order.
  /// - Precondition: `vectors.columnCount == vectorSize`.
  public func captions(
    of vectors: Matrix<Float>, options: GenerationOptions = options, threadCount: Int = 1
  ) -> [String] {
    model.texts(of: sources(vectors), options: options, threadCount: threadCount)
  }

  /// Gives the tokens of a vector's caption as they come; the model's `targetCodec` makes texts of
  /// them.
  ///
  /// - Parameters:
  ///   - vector: The vector, `[C]`.
  ///   - options: How to search: greedily, so that each token comes at once, unless told.
  /// - Returns: The tokens with their log-probabilities, without the end.
  /// - Precondition: `vector.count == vectorSize`.
  public func tokens(
    of vector: [Float],
    options: GenerationOptions = GenerationModel.Kind.captioner.searchOptions
  ) -> TokenStream<NetworkGenerator> {
    let row = Matrix(rowCount: 1, columnCount: vector.count, elements: vector)
    return TokenSearch(model.generator, options: options)
      .tokens(from: model.generator.initialState(sources(row)))
  }

  private func sources(_ vectors: Matrix<Float>) -> [GenerationSource] {
    precondition(
      vectors.columnCount == vectorSize,
      "vectors of \(vectors.columnCount) for a captioner of vectors of \(vectorSize)")
    return (0..<vectors.rowCount).map { .vector(vectors.row($0)) }
  }
}
