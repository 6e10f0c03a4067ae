import Foundation
import SentiTensor
import Testing

@testable import SentiModels

@Suite("Token search")
struct TokenSearchTests {
  /// The best next token at every step, without any search.
  static func greedy(_ toy: ToyGenerator, input: Int32 = 0, maximumLength: Int) -> [Int32] {
    var history: [Int32] = []
    while history.count < maximumLength {
      let next = toy.probabilities(input, history)
      let best = Int32(next.indices.max { next[$0] < next[$1] } ?? 0)
      if best == toy.endID { break }
      history.append(best)
    }
    return history
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func aBeamOfOneIsGreedy(seed: UInt64) {
    let toy = ToyGenerator(seed: seed, vocabularySize: 6)
    let options = GenerationOptions.with { $0.maximumLength = 9 }
    let result = toy.results(options)
    #expect(result.map(\.tokens) == [Self.greedy(toy, maximumLength: 9)])
  }

  /// The beam holds every open hypothesis, so its results are the best of all sequences, in order,
  /// with their scores, and no narrower beam has a better one.
  @Test(arguments: 0..<12 as Range<UInt64>, [1.0, 0.0, 0.6, 2.0, -0.5])
  func aWideBeamFindsTheBestOfAllSequences(seed: UInt64, lengthPenalty: Double) {
    let toy = ToyGenerator(seed: seed, vocabularySize: 5)
    let all = toy.everySequence(maximumLength: 4, lengthPenalty: lengthPenalty)
    var options = GenerationOptions.with {
      $0.maximumLength = 4
      $0.lengthPenalty = lengthPenalty
      $0.beamSize = 200
      $0.hypothesisCount = 5
    }
    let wide = toy.results(options)
    #expect(wide.map(\.tokens) == all.prefix(5).map(\.tokens))
    #expect(zip(wide, all).allSatisfy { abs($0.score - $1.score) < 1e-9 })
    for size in 1...20 {
      (options.beamSize, options.hypothesisCount) = (size, 1)
      #expect(toy.results(options)[0].score <= wide[0].score)
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func moreBeamGivesBetterScoresAllInAll(seed: UInt64) {
    let toys = (0..<40).map { ToyGenerator(seed: seed * 100 + $0, vocabularySize: 7) }
    let means = [1, 2, 4, 16].map { size in
      let options = GenerationOptions.with {
        $0.beamSize = size
        $0.maximumLength = 6
      }
      return toys.reduce(0) { $0 + $1.results(options)[0].score }
    }
    #expect(means == means.sorted())
  }

  /// Dropping hypotheses that cannot win must not change what wins: compared with a search that
  /// keeps so many results that it never drops any.
  @Test(arguments: 0..<30 as Range<UInt64>, [1.0, 0.0, 1.5, -1.0])
  func stoppingEarlyChangesNothing(seed: UInt64, lengthPenalty: Double) {
    let toy = ToyGenerator(seed: seed, vocabularySize: 6, sharpness: 1.5)
    for size in [2, 3, 5] {
      var options = GenerationOptions.with {
        $0.beamSize = size
        $0.maximumLength = 7
        $0.lengthPenalty = lengthPenalty
      }
      let stopped = toy.results(options)
      let stoppedRows = toy.rowCounts.values.reduce(0, +)
      let unstopped = Self.unstopped(toy, options)
      #expect(stopped == Array(unstopped.prefix(1)))
      options.hypothesisCount = 2
      #expect(toy.results(options) == Array(unstopped.prefix(2)))
      #expect(stoppedRows > 0)
    }
  }

  /// The same search, written plainly: no row is dropped and no beam stops before the maximum length.
  static func unstopped(_ toy: ToyGenerator, _ options: GenerationOptions) -> [Hypothesis] {
    var open: [(tokens: [Int32], logs: [Float], score: Double)] = [([], [], 0)]
    var finished: [Hypothesis] = []
    for length in 0...options.maximumLength {
      var candidates: [(parent: Int, token: Int32, log: Float, score: Double)] = []
      for (parent, hypothesis) in open.enumerated() {
        let next = toy.probabilities(0, hypothesis.tokens).map { Float(log($0)) }
        let allowed = length == options.maximumLength ? [1] : Array(next.indices)
        for token in allowed where next[token] > -.infinity {
          candidates.append(
            (parent, Int32(token), next[token], hypothesis.score + Double(next[token])))
        }
      }
      candidates.sort { $0.score > $1.score }
      var next: [(tokens: [Int32], logs: [Float], score: Double)] = []
      for (rank, candidate) in candidates.enumerated() {
        let parent = open[candidate.parent]
        let logs = parent.logs + [candidate.log]
        if candidate.token == 1 && rank < options.beamSize {
          finished.append(
            Hypothesis(
              tokens: parent.tokens, logProbabilities: logs,
              score: candidate.score / pow(Double(length + 1), options.lengthPenalty),
              isCut: length == options.maximumLength))
        } else if candidate.token != 1 && next.count < options.beamSize {
          next.append((parent.tokens + [candidate.token], logs, candidate.score))
        }
      }
      open = next
    }
    return finished.sorted { $0.score > $1.score }
  }

  @Test func stoppingEarlySavesRows() {
    // After "a" the end is nearly certain, so that the others cannot win any more.
    let toy = ToyGenerator(
      ["": [0, 0.01, 0.9, 0.05, 0.04], "a": [0, 0.97, 0.01, 0.01, 0.01]], vocabularySize: 5)
    let options = GenerationOptions.with {
      $0.beamSize = 3
      $0.maximumLength = 8
    }
    #expect(toy.results(options).map(\.tokens) == [[2]])
    #expect(toy.rowCounts.values == [1, 3])
  }

  @Test(arguments: [1, 3])
  func resultsAreTheSameAloneAndInABatch(beamSize: Int) {
    let toy = ToyGenerator(seed: 4, vocabularySize: 9)
    let options = GenerationOptions.with {
      $0.beamSize = beamSize
      $0.hypothesisCount = beamSize
      $0.maximumLength = 12
      $0.noRepeatNgramSize = 2
      $0.repetitionPenalty = 1.3
    }
    let requests = (0..<7).map {
      GenerationRequest(prefix: $0 == 2 ? [5, 3] : [], maximumLength: $0 == 4 ? 3 : nil)
    }
    let search = TokenSearch(toy, options: options)
    let together = search.hypotheses(from: ToyGenerator.inputs(0, 1, 2, 3, 4, 5, 6), for: requests)
    for input in 0..<7 {
      let alone = search.hypotheses(from: [[Int32(input)]], for: [requests[input]])
      #expect(alone[0] == together[input])
    }
    #expect(Set(together.map(\.[0].tokens)).count == 7)
  }

  @Test func endedInputsLeaveTheBatch() {
    let toy = ToyGenerator(vocabularySize: 3) { input, history in
      history.count < Int(input) ? [0, 0, 1] : [0, 1, 0]
    }
    let results = TokenSearch(toy).hypotheses(
      from: ToyGenerator.inputs(3, 1, 2), for: Array(repeating: GenerationRequest(), count: 3))
    #expect(results.map(\.[0].tokens.count) == [3, 1, 2])
    #expect(toy.rowCounts.values == [3, 3, 2, 1])
  }

  @Test func anEmptyBatchHasNoResults() {
    let toy = ToyGenerator(seed: 1, vocabularySize: 4)
    #expect(TokenSearch(toy).hypotheses(from: [], for: []).isEmpty)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func nBestListsHoldNoSequenceTwice(seed: UInt64) {
    let toy = ToyGenerator(seed: seed, vocabularySize: 5)
    let options = GenerationOptions.with {
      $0.beamSize = 8
      $0.hypothesisCount = 8
      $0.maximumLength = 5
    }
    let results = toy.results(options)
    #expect(results.count == 8)
    #expect(Set(results.map(\.tokens)).count == 8)
    #expect(results.map(\.score) == results.map(\.score).sorted(by: >))
  }

  @Test func sequencesWithOneTextAreOneResult() {
    // Token 4 is a full stop that does not count.
    let toy = ToyGenerator(
      [
        "": [0, 0, 0.6, 0.4, 0], "a": [0, 0.45, 0, 0, 0.55], "b": [0, 1, 0, 0, 0],
        "ac": [0, 1, 0, 0, 0],
      ], vocabularySize: 5)
    let options = GenerationOptions.with {
      $0.beamSize = 4
      $0.hypothesisCount = 2
      $0.lengthPenalty = 0
    }
    #expect(toy.results(options).map(\.tokens) == [[3], [2, 4]])
    let search = TokenSearch(toy, options: options) { "\($0.filter { $0 != 4 })" }
    let results = search.hypotheses(from: [[0]], for: [GenerationRequest()])[0]
    #expect(results.map(\.tokens) == [[3], [2, 4]])
    let narrow = TokenSearch(
      toy,
      options: .with {
        $0.beamSize = 4; $0.hypothesisCount = 3
      }
    ) {
      "\($0.filter { $0 != 4 })"
    }
    let distinct = narrow.hypotheses(from: [[0]], for: [GenerationRequest()])[0]
    #expect(distinct.map(\.tokens) == [[2, 4], [3]])
  }

  @Test func logProbabilitiesAreTheModels() {
    let toy = ToyGenerator(["": [0, 0.25, 0.75], "a": [0, 0.5, 0.5]], vocabularySize: 3)
    let options = GenerationOptions.with {
      $0.maximumLength = 3
      $0.repetitionPenalty = 3
    }
    let result = toy.results(options)[0]
    #expect(result.tokens == [2])
    #expect(result.logProbabilities == [Float(log(0.75)), Float(log(0.5))])
    #expect(abs(result.logProbability - log(0.375)) < 1e-6)
    #expect(abs(result.score - log(0.375) / 2) < 1e-6)
  }
}
