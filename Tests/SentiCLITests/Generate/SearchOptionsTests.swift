import SentiTestSupport
import Testing

/// Each option changes what is written, or its score: none is read and forgotten.
@Suite("Options of a search")
struct SearchOptionsTests {
  private typealias Call = TrainSentimentOptionsTests.Call

  private static let drawn = ["--sample", "--temperature", "9", "--n-best", "3"]
  /// Longer than what the net knows, so that it says something twice.
  private static let long = ["--min-length", "12", "--max-length", "12"]
  private static let wide = ["--beam", "3", "--n-best", "3"]

  private static let calls: [Call] = [
    .option("--n-best", "2", with: ["--beam", "3"]),
    .option("--length-penalty", "3"), .option("--patience", "0.1", with: wide),
    .option("--min-length", "12"), .option("--max-length", "2"),
    .option("--repetition-penalty", "4", with: long),
    .option("--no-repeat-ngram", "1", with: long), .option("--no-repeat-ngram", "2", with: long),
    .option("--sample", with: ["--temperature", "9"]), .option("--temperature", "0.1", with: drawn),
    .option("--top-k", "1", with: drawn), .option("--top-p", "0.05", with: drawn),
    .option("--seed", "5", with: drawn),
  ]

  /// Runs without each option and with it, and names those that changed no byte.
  private func ineffective(_ calls: [Call], of run: ([String]) throws -> Senti.Outcome) throws
    -> [String]
  {
    try calls.compactMap { call in
      let (plain, found) = (try run(call.common), try run(call.common + call.arguments))
      #expect(plain.status == 0 && found.status == 0)
      return plain.output == found.output ? call.testDescription : nil
    }
  }

  @Test func everyOptionChangesWhatACaptionerWrites() throws {
    let place = try WritersPlace()
    let calls = Self.calls + [.option("--ban", "cat"), .option("--prefix", "a dog")]
    let found = try ineffective(calls) { arguments in
      try Senti.run(
        ["caption", "-m", "captioner.safetensors", "v.npy", "--format", "jsonl"] + arguments,
        in: place.folder)
    }
    #expect(found == [])
  }

  @Test func everyOptionChangesWhatATranslatorWrites() throws {
    let place = try WritersPlace()
    let calls = Self.calls + [.option("--ban", "Hund"), .option("--prefix", "Die Katze")]
    let input = TinyWriters.translations.map { $0.0 + "\n" }.joined()
    let found = try ineffective(calls) { arguments in
      try Senti.run(
        ["translate", "-m", "translator.safetensors", "--format", "jsonl"] + arguments,
        input: input, in: place.folder)
    }
    #expect(found == [])
  }
}
