/// What the names of an encoder's parameters begin with: the same in all models, so that one can start
/// from another.
enum EncoderPrefix {
  /// The word vectors.
  static let embedding = "embedding."
  /// The recurrent layers.
  static let layers = "encoder."
}
