import Foundation
import SentiModels
import Testing

@Suite("Token stream")
struct TokenStreamTests {
  static func collect(_ stream: TokenStream<ToyGenerator>) async -> [GeneratedToken] {
    var tokens: [GeneratedToken] = []
    for await token in stream { tokens.append(token) }
    return tokens
  }

  @Test(arguments: [1, 2, 5], 0..<6 as Range<UInt64>)
  func givesWhatTheSearchFinds(beamSize: Int, seed: UInt64) async {
    let toy = ToyGenerator(seed: seed, vocabularySize: 6)
    let options = GenerationOptions.with {
      $0.beamSize = beamSize
      $0.maximumLength = 8
    }
    let search = TokenSearch(toy, options: options)
    let result = search.hypotheses(from: [[0]], for: [GenerationRequest()])[0][0]
    let tokens = await Self.collect(search.tokens(from: [[0]]))
    #expect(tokens.map(\.id) == result.tokens)
    #expect(tokens.map(\.logProbability) == Array(result.logProbabilities.dropLast()))
  }

  @Test func givesDrawnTokens() async {
    let toy = ToyGenerator(seed: 2, vocabularySize: 9, sharpness: 0.5)
    let search = TokenSearch(toy, options: .with { $0.sampling = .init() })
    let request = GenerationRequest(seed: 12)
    let result = search.hypotheses(from: [[0]], for: [request])[0][0]
    #expect(await Self.collect(search.tokens(from: [[0]], for: request)).map(\.id) == result.tokens)
  }

  @Test func aGreedyTokenComesBeforeTheNextStep() async {
    let toy = ToyGenerator(vocabularySize: 3) { _, _ in [0, 0, 1] }
    var iterator = TokenSearch(toy).tokens(from: [[0]]).makeAsyncIterator()
    for count in 1...3 {
      #expect(await iterator.next()?.id == 2)
      #expect(toy.rowCounts.values.count == count)
    }
  }

  @Test func endsWhereItsTaskIsCancelled() async {
    let toy = ToyGenerator(vocabularySize: 3) { _, _ in [0, 0, 1] }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await Self.collect(
        TokenSearch(toy, options: .with { $0.maximumLength = 1_000_000 }).tokens(from: [[0]]))
    }
    #expect(await task.value.isEmpty)
  }

  @Test func nothingToSayIsAnEmptyStream() async {
    let toy = ToyGenerator(vocabularySize: 3) { _, _ in [0, 1, 0] }
    #expect(await Self.collect(TokenSearch(toy).tokens(from: [[0]])).isEmpty)
  }
}
