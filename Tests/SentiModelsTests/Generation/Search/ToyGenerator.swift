import Foundation
import SentiModels
import SentiTensor
import Synchronization

/// A generator whose state is each row's history, so that every test can follow it by hand.
struct ToyGenerator: TokenGenerator {
  /// What each row was fed, its input's name first.
  typealias State = [[Int32]]

  let vocabularySize: Int
  let startID: Int32 = 0
  let endID: Int32 = 1
  /// Probabilities of what follows a history, start token and input's name left out.
  let probabilities: @Sendable (_ input: Int32, _ history: [Int32]) -> [Double]
  /// The number of rows of each step.
  let rowCounts = Log()

  final class Log: Sendable {
    private let counts = Mutex<[Int]>([])
    var values: [Int] { counts.withLock { $0 } }
    func append(_ count: Int) { counts.withLock { $0.append(count) } }
  }

  func step(_ tokens: [Int32], state: inout State) -> Matrix<Float> {
    rowCounts.append(tokens.count)
    precondition(tokens.count == state.count, "\(tokens.count) tokens for \(state.count) rows")
    for row in tokens.indices { state[row].append(tokens[row]) }
    let rows = state.map { probabilities($0[0], Array($0.dropFirst(2))) }
    return Matrix(
      rowCount: tokens.count, columnCount: vocabularySize,
      elements: rows.flatMap { row in row.map { Float(log($0)) } })
  }

  func select(_ rows: [Int32], of state: inout State) { state = rows.map { state[Int($0)] } }

  /// The state of inputs with these names.
  static func inputs(_ names: Int32...) -> State { names.map { [$0] } }
}

extension ToyGenerator {
  /// Tokens from 2 on by name, for tables: "a" is 2.
  init(_ table: [String: [Double]], vocabularySize: Int) {
    self.vocabularySize = vocabularySize
    probabilities = { _, history in
      let name = String(history.map { Character(Unicode.Scalar(UInt8(95 + $0))) })
      return table[name] ?? [0, 1] + Array(repeating: 0, count: vocabularySize - 2)
    }
  }

  /// Probabilities that look random and follow from the seed, the input and the history.
  ///
  /// Never the start token; a row's figures hang on all that it was fed.
  init(seed: UInt64, vocabularySize: Int, sharpness: Double = 2) {
    self.vocabularySize = vocabularySize
    probabilities = { input, history in
      var mixed = seed &+ UInt64(input) &* 1_000_003
      for token in history { mixed = (mixed &+ UInt64(token) &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
      var generator = SeededGenerator(seed: mixed)
      var weights = (0..<vocabularySize).map { _ in exp(sharpness * generator.normal()) }
      weights[0] = 0
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }

  /// All sequences of up to so many tokens with their scores, best first, one by one.
  func everySequence(
    input: Int32 = 0, maximumLength: Int, minimumLength: Int = 0, lengthPenalty: Double = 1
  ) -> [(tokens: [Int32], score: Double)] {
    var found: [(tokens: [Int32], score: Double)] = []
    func visit(_ history: [Int32], _ sum: Double) {
      let next = probabilities(input, history).map { Double(Float(log($0))) }
      if history.count >= minimumLength {
        let score = (sum + next[Int(endID)]) / pow(Double(history.count + 1), lengthPenalty)
        if score > -.infinity { found.append((history, score)) }
      }
      guard history.count < maximumLength else { return }
      for token in 2..<Int32(vocabularySize) { visit(history + [token], sum + next[Int(token)]) }
    }
    visit([], 0)
    return found.sorted { $0.score > $1.score }
  }

  /// Searches for one input.
  func results(
    _ options: GenerationOptions, input: Int32 = 0,
    request: GenerationRequest = GenerationRequest()
  ) -> [Hypothesis] {
    TokenSearch(self, options: options).hypotheses(from: [[input]], for: [request])[0]
  }
}

extension GenerationOptions {
  /// Options changed in place.
  static func with(_ change: (inout GenerationOptions) -> Void) -> GenerationOptions {
    var options = GenerationOptions()
    change(&options)
    return options
  }
}
