public import SentiRNN
public import SentiTensor

/// Where the vectors of words are.
public enum WordVectors<Scalar: MatrixScalar>: Sendable {
  /// In a model's arena.
  case parameters(Embedding, Parameters<Scalar>)
  /// In a file, of which only the rows that are needed are read.
  case archived(ArchivedMatrix)

  /// Looks up words.
  ///
  /// - Parameters:
  ///   - tokens: Token ids.
  ///   - rows: Receives one vector a token, `[D, E]`.
  func gather(_ tokens: [Int32], into rows: inout Matrix<Scalar>) {
    switch self {
    case .parameters(let embedding, let parameters):
      embedding.forward(tokens, parameters, into: &rows)
    case .archived(let matrix): matrix.gather(tokens, into: &rows)
    }
  }

  /// The vectors of tokens, `[D, E]`.
  func rows(_ tokens: [Int32]) -> Matrix<Scalar> {
    var rows = Matrix<Scalar>(rowCount: 0, columnCount: width)
    gather(tokens, into: &rows)
    return rows
  }

  /// The number of words, V.
  var vocabularySize: Int {
    switch self {
    case .parameters(let embedding, _): embedding.vocabularySize
    case .archived(let matrix): matrix.rowCount
    }
  }

  /// The width of a vector, E.
  private var width: Int {
    switch self {
    case .parameters(let embedding, _): embedding.embeddingSize
    case .archived(let matrix): matrix.columnCount
    }
  }
}
