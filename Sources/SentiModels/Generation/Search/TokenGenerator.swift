public import SentiTensor

/// A model that continues sequences token by token: what a search drives.
///
/// A state holds one row for each hypothesis. A search feeds every row its last token, reads the
/// log-probabilities of the next, and keeps, repeats and drops rows as hypotheses go on, part and
/// end. Letters: `R` rows, `V` vocabulary.
///
/// A row's log-probabilities must not depend on the other rows of the batch, so that a result is
/// the same alone and in any batch.
public protocol TokenGenerator: Sendable {
  /// The state of a batch of hypotheses, one row each.
  associatedtype State: Sendable

  /// The number of tokens that the model knows, `V`.
  var vocabularySize: Int { get }

  /// The token that every sequence is started with.
  var startID: Int32 { get }

  /// The token that ends a sequence.
  var endID: Int32 { get }

  /// Feeds one token to each row and gives the log-probabilities of the next.
  ///
  /// - Parameters:
  ///   - tokens: One token for each row of `state`, `[R]`.
  ///   - state: The state after the tokens before; becomes the state after these.
  /// - Returns: Natural logarithms of probabilities, `[R, V]`.
  func step(_ tokens: [Int32], state: inout State) -> Matrix<Float>

  /// Feeds one token to each row and gives the most probable of the next, for searches that need no others.
  ///
  /// A generator that can find them at less cost than all log-probabilities does so here; by itself
  /// this asks ``step(_:state:)``.
  ///
  /// - Parameters:
  ///   - count: How many tokens to give of each row.
  ///   - tokens: One token for each row of `state`, `[R]`.
  ///   - required: A next token of each row whose log-probability is asked for besides; -1: none.
  ///   - state: The state after the tokens before; becomes the state after these.
  /// - Returns: Tokens of each row with natural logarithms of probabilities, most probable first.
  func topK(_ count: Int, after tokens: [Int32], required: [Int32], state: inout State)
    -> TopK

  /// Keeps the named rows, in that order.
  ///
  /// - Parameters:
  ///   - rows: Rows of `state`, counted from 0; repeats are allowed.
  ///   - state: The state to take the rows of.
  func select(_ rows: [Int32], of state: inout State)
}

extension TokenGenerator {
  /// Takes the most probable of all log-probabilities.
  public func topK(
    _ count: Int, after tokens: [Int32], required: [Int32], state: inout State
  ) -> TopK {
    TopK(count, of: step(tokens, state: &state), required: required)
  }
}
