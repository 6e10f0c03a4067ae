import Foundation
import SentiModels
import SentiTensor
import Testing

/// Each option by a case that can be followed by hand: "a" is token 2, "b" 3, "c" 4.
@Suite("Generation options")
struct GenerationOptionsTests {
  /// Says "a" for ever with seven tenths, and ends with one.
  static let loop = ToyGenerator(vocabularySize: 5) { _, _ in [0, 0.1, 0.6, 0.2, 0.1] }

  static func tokens(_ change: (inout GenerationOptions) -> Void) -> [[Int32]] {
    loop.results(.with(change)).map(\.tokens)
  }

  @Test func theMaximumLengthForcesTheEnd() {
    let results = Self.loop.results(.with { $0.maximumLength = 3 })
    #expect(results.map(\.tokens) == [[2, 2, 2]])
    #expect(results[0].isCut)
    #expect(results[0].logProbabilities.last == Float(log(0.1)))
    let request = GenerationRequest(maximumLength: 2)
    #expect(
      Self.loop.results(.with { $0.maximumLength = 3 }, request: request)[0].tokens == [2, 2])
  }

  @Test func theMinimumLengthKeepsTheEndOff() {
    let toy = ToyGenerator(vocabularySize: 4) { _, _ in [0, 0.9, 0.06, 0.04] }
    #expect(toy.results(GenerationOptions())[0].tokens == [])
    #expect(toy.results(.with { $0.minimumLength = 2 })[0].tokens == [2, 2])
    #expect(!toy.results(.with { $0.minimumLength = 2 })[0].isCut)
  }

  @Test func bannedTokensNeverCome() {
    #expect(
      Self.tokens {
        $0.bannedTokens = [2]; $0.maximumLength = 2
      } == [[3, 3]])
    #expect(
      Self.tokens {
        $0.bannedTokens = [2, 3]; $0.maximumLength = 2
      } == [[]])
  }

  @Test func whereNothingIsAllowedTheSequenceIsCut() {
    let results = Self.loop.results(
      .with {
        $0.bannedTokens = [2, 3, 4]
        $0.minimumLength = 1
        $0.beamSize = 2
      })
    #expect(results.map(\.tokens) == [[]])
    #expect(results[0].isCut)
    let drawn = Self.loop.results(
      .with {
        $0.bannedTokens = [2, 3, 4]
        $0.minimumLength = 1
        $0.sampling = .init()
      })
    #expect(drawn.map(\.tokens) == [[]])
  }

  @Test func forcedTokensStandAtTheirPlaces() {
    #expect(
      Self.tokens {
        $0.forcedTokens = [1: 4, 2: 3]; $0.maximumLength = 4
      } == [[2, 4, 3, 2]])
    #expect(Self.tokens { $0.forcedTokens = [1: 1] } == [[2]])
    // Forced though banned.
    #expect(
      Self.tokens {
        $0.forcedTokens = [0: 4]; $0.bannedTokens = [4]; $0.maximumLength = 2
      }
        == [[4, 2]])
  }

  @Test(arguments: [1, 3])
  func aPrefixComesFirstAndCounts(beamSize: Int) {
    let toy = ToyGenerator(seed: 8, vocabularySize: 6)
    let options = GenerationOptions.with {
      $0.beamSize = beamSize
      $0.maximumLength = 6
    }
    let result = toy.results(options, request: GenerationRequest(prefix: [5, 4, 5]))[0]
    #expect(Array(result.tokens.prefix(3)) == [5, 4, 5])
    #expect(result.logProbabilities.count == result.tokens.count + 1)
    #expect(result.logProbabilities[1] == Float(log(toy.probabilities(0, [5])[4])))
    #expect(abs(result.score * Double(result.tokens.count + 1) - result.logProbability) < 1e-6)
  }

  @Test func theRepetitionPenaltyLowersWhatWasThere() {
    // log 0.6 · 4 = log 0.1296 lies below 0.2, and log 0.2 · 4 below 0.1.
    let results = Self.loop.results(
      .with {
        $0.repetitionPenalty = 4
        $0.maximumLength = 3
        $0.bannedTokens = [1]
        $0.minimumLength = 3
      })
    #expect(results.map(\.tokens) == [[2, 3, 2]])
    #expect(results[0].logProbabilities.prefix(3) == [0.6, 0.2, 0.6].map { Float(log($0)) }[...])
    let sum = log(0.6) + log(0.2) + 4 * log(0.6) + log(0.1)
    #expect(abs(results[0].score - sum / 4) < 1e-6)
  }

  @Test func noRunOfTokensComesTwice() {
    #expect(
      Self.tokens {
        $0.noRepeatNgramSize = 1; $0.maximumLength = 9
      } == [[2, 3]])
    #expect(
      Self.tokens {
        $0.noRepeatNgramSize = 2; $0.maximumLength = 5
      } == [[2, 2, 3, 2]])
    #expect(
      Self.tokens {
        $0.noRepeatNgramSize = 3; $0.maximumLength = 5
      } == [[2, 2, 2, 3, 2]])
  }

  @Test func theLengthPenaltyChoosesBetweenShortAndLong() {
    // "a": 0.5 · 1 in two steps; "bbb": 0.4 in four.
    let toy = ToyGenerator(
      ["": [0, 0, 0.5, 0.4], "b": [0, 0, 0, 1], "bb": [0, 0, 0, 1]], vocabularySize: 4)
    func best(_ penalty: Double) -> [Int32] {
      toy.results(
        .with {
          $0.beamSize = 2
          $0.lengthPenalty = penalty
        })[0].tokens
    }
    #expect(best(0) == [2])
    #expect(best(1) == [3, 3, 3])
    #expect(best(-1) == [2])
  }

  @Test func patienceStopsAtTheFirstThatEnd() {
    let toy = ToyGenerator(
      ["": [0, 0.4, 0.6], "a": [0, 0.5, 0.5], "aa": [0, 1, 0]], vocabularySize: 3)
    func best(_ patience: Double) -> [Int32] {
      toy.results(
        .with {
          $0.beamSize = 2
          $0.patience = patience
        })[0].tokens
    }
    #expect(best(.infinity) == [2, 2])
    #expect(best(1) == [2])
    #expect(best(0.5) == [])
  }

  // MARK: Sampling

  /// How often each first token comes of many draws.
  static func shares(_ sampling: (inout GenerationOptions.Sampling) -> Void) -> [Double] {
    let options = GenerationOptions.with { options in
      var drawn = GenerationOptions.Sampling()
      sampling(&drawn)
      options.sampling = drawn
      options.maximumLength = 1
    }
    let count = 4_000
    let results = TokenSearch(loop, options: options).hypotheses(
      from: Array(repeating: [0], count: count),
      for: (0..<count).map { GenerationRequest(seed: UInt64($0)) })
    var shares = [Double](repeating: 0, count: 5)
    for result in results { shares[Int(result[0].tokens.first ?? 1)] += 1 / Double(count) }
    return shares
  }

  static func areClose(_ found: [Double], _ expected: [Double]) -> Bool {
    zip(found, expected).allSatisfy { abs($0 - $1) < 0.03 && ($1 > 0 || $0 == 0) }
  }

  @Test func drawsFollowTheModel() {
    #expect(Self.areClose(Self.shares { _ in }, [0, 0.1, 0.6, 0.2, 0.1]))
  }

  @Test func temperatureSharpensOrFlattens() {
    let sum = 0.01 + 0.36 + 0.04 + 0.01
    #expect(
      Self.areClose(
        Self.shares { $0.temperature = 0.5 }, [0, 0.01, 0.36, 0.04, 0.01].map { $0 / sum }))
    #expect(Self.areClose(Self.shares { $0.temperature = 1000 }, [0, 0.25, 0.25, 0.25, 0.25]))
  }

  @Test func topKAndTopPLeaveTheTailOut() {
    #expect(Self.areClose(Self.shares { $0.topK = 2 }, [0, 0, 0.75, 0.25, 0]))
    #expect(Self.areClose(Self.shares { $0.topP = 0.7 }, [0, 0, 0.75, 0.25, 0]))
    #expect(Self.areClose(Self.shares { $0.topP = 0.59 }, [0, 0, 1, 0, 0]))
    // 0.6 of the two's 0.8 is three quarters of what top-k left.
    #expect(
      Self.areClose(
        Self.shares {
          $0.topK = 2; $0.topP = 0.74
        }, [0, 0, 1, 0, 0]))
    #expect(Self.areClose(Self.shares { $0.topK = 99 }, [0, 0.1, 0.6, 0.2, 0.1]))
  }

  /// Of four alike, two hold the half to the last bit, and a third is not needed.
  @Test func theNucleusEndsWhereItHoldsEnough() {
    let toy = ToyGenerator(vocabularySize: 6) { _, _ in [0, 0, 0.25, 0.25, 0.25, 0.25] }
    let options = GenerationOptions.with {
      $0.sampling = .init()
      $0.sampling?.topP = 0.5
      ($0.maximumLength, $0.minimumLength) = (60, 60)
    }
    #expect(Set(toy.results(options)[0].tokens) == [2, 3])
  }

  @Test func theNucleusMayBeLargerThanTheFirstLook() {
    let toy = ToyGenerator(vocabularySize: 300) { _, _ in
      [0, 0] + Array(repeating: 1.0 / 298, count: 298)
    }
    let options = GenerationOptions.with {
      $0.sampling = .init()
      $0.sampling?.topP = 0.9
      $0.maximumLength = 400
      $0.minimumLength = 400
    }
    let tokens = Set(toy.results(options)[0].tokens)
    #expect(tokens.max().map { $0 > 64 && $0 <= 270 } == true)
  }

  @Test func theSeedDecides() {
    let toy = ToyGenerator(seed: 3, vocabularySize: 30, sharpness: 0.5)
    func drawn(_ seed: UInt64, _ own: UInt64 = 0) -> [[Int32]] {
      let options = GenerationOptions.with {
        $0.sampling = .init()
        $0.sampling?.seed = seed
        $0.hypothesisCount = 3
      }
      return toy.results(options, request: GenerationRequest(seed: own)).map(\.tokens)
    }
    #expect(drawn(1) == drawn(1))
    #expect(drawn(1).count == 3)
    #expect(drawn(1) != drawn(2))
    #expect(drawn(1) != drawn(1, 1))
  }

  @Test func samplesAreTheSameAloneAndInABatchAndDiffer() {
    let toy = ToyGenerator(seed: 3, vocabularySize: 8, sharpness: 0.5)
    let options = GenerationOptions.with {
      $0.sampling = .init()
      $0.hypothesisCount = 6
      $0.maximumLength = 4
    }
    let search = TokenSearch(toy, options: options)
    let requests = (0..<3).map { GenerationRequest(seed: $0) }
    let together = search.hypotheses(from: ToyGenerator.inputs(0, 1, 2), for: requests)
    for input in 0..<3 {
      #expect(
        search.hypotheses(from: [[Int32(input)]], for: [requests[input]])[0] == together[input])
      #expect(Set(together[input].map(\.tokens)).count == together[input].count)
    }
  }

  @Test func impossibleOptionsAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = TokenSearch(
        ToyGenerator(seed: 1, vocabularySize: 4), options: .with { $0.maximumLength = 0 })
    }
    await #expect(processExitsWith: .failure) {
      _ = TokenSearch(
        ToyGenerator(seed: 1, vocabularySize: 4), options: .with { $0.hypothesisCount = 2 })
    }
    await #expect(processExitsWith: .failure) {
      _ = TokenSearch(
        ToyGenerator(seed: 1, vocabularySize: 4), options: .with { $0.bannedTokens = [4] })
    }
    await #expect(processExitsWith: .failure) {
      let options = GenerationOptions.with {
        $0.sampling = .init(); $0.sampling?.temperature = 0
      }
      _ = TokenSearch(ToyGenerator(seed: 1, vocabularySize: 4), options: options)
    }
    await #expect(processExitsWith: .failure) {
      _ = ToyGenerator(seed: 1, vocabularySize: 4).results(
        GenerationOptions(), request: GenerationRequest(maximumLength: 0))
    }
  }
}
