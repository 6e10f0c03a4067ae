package import SentiTensor
internal import Synchronization

/// What a decoder makes of tokens alone, a row for each.
package struct TokenTerms: Sendable {
  /// The input part of the lowest layer's gates, `[D, G·H]`; no columns where it depends on more.
  let gates: Matrix<Float>
  /// The part of the readout, `[D, E]`.
  let readout: Matrix<Float>

  /// Collects terms.
  package init(gates: Matrix<Float>, readout: Matrix<Float>) {
    self.gates = gates
    self.readout = readout
  }
}

/// The terms of all tokens, which the searches of a net share.
///
/// They are made when as many tokens were read as there are, at no more than the cost of that reading:
/// one caption does not wait for a table, and a thousand do without the products. A token's terms have
/// the same bits in the table as beside any others.
package final class SharedTokenTerms: Sendable {
  private let contents = Mutex<(readCount: Int, terms: TokenTerms?)>((0, nil))
  private let limit: Int

  /// The most elements of a table: 64 MB.
  private static let mostElements = 16 << 20

  /// Prepares a table.
  ///
  /// - Parameters:
  ///   - vocabularySize: The number of tokens, V.
  ///   - width: How many elements a token's terms have; a table that would be too large is never made.
  package init(vocabularySize: Int, width: Int) {
    limit = vocabularySize * width <= Self.mostElements ? vocabularySize : .max
  }

  /// Counts tokens that are read.
  ///
  /// - Parameters:
  ///   - count: How many tokens are read now.
  ///   - make: Makes the terms of all tokens; called once.
  /// - Returns: The terms of all tokens; nil: they are not there yet.
  package func terms(reading count: Int, _ make: () -> TokenTerms) -> TokenTerms? {
    let (terms, isDue) = contents.withLock { contents in
      let before = contents.readCount
      contents.readCount = min(limit, before + count)
      return (contents.terms, before < limit && contents.readCount == limit)
    }
    guard isDue else { return terms }
    // Others go on without meanwhile.
    let made = make()
    contents.withLock { $0.terms = made }
    return made
  }
}
