extension BoundedVocabularyBuilder {
  /// How many bytes learning takes for a different word, generously.
  private static let learningMemory = 512

  /// Learns a byte-pair encoding, as ``BytePairTrainer/encoding(size:minimumCount:)`` does; from the
  /// most frequent words only, where the memory that was given does not hold all.
  ///
  /// - Parameters:
  ///   - size: How many tokens there may be, special ones and bytes included.
  ///   - minimumCount: How often a pair must occur to be merged.
  /// - Returns: The encoding.
  /// - Throws: `VocabularyError.unreadable` when counts cannot be read from the temporary directory.
  /// - Precondition: The builder was made with a `subwordForm`; `size` is at least 260.
  public func encoding(size: Int, minimumCount: Int = 2) throws -> BytePairEncoding {
    let wordCount = max(1, maximumMemory / Self.learningMemory)
    var (ranking, summary) = try ranking(minimumCount: 1, maximumSize: wordCount)
    return try BytePairTrainer.encoding(
      of: { body in ranking.forEachWord(body) }, form: summary.normalization.form, size: size,
      minimumCount: minimumCount)
  }
}
