import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti score and classify, abstention")
struct ScoreCommandAbstentionTests {
  /// One text of which the tiny model is sure, and one of which it is not.
  private static let rows = "text\nGood.\nA film the film.\nBad film.\n"

  private func labels(_ outcome: Senti.Outcome) -> [String] {
    outcome.output.split(separator: "\n").dropFirst().map {
      String($0.split(separator: ",", omittingEmptySubsequences: false)[1])
    }
  }

  @Test func rowsBelowTheProbabilityAreUncertain() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let plain = try place.score("a.csv")
    let cautious = try place.score("a.csv", "--abstain", "0.8")
    #expect(labels(plain) == ["positive", "negative", "negative"])
    #expect(labels(cautious) == ["positive", "uncertain", "negative"])
    #expect(cautious.errors.contains("negative 33.3 %, positive 33.3 %, uncertain 33.3 %"))
    // All but the label stays as it is.
    #expect(
      cautious.output == plain.output.replacing("film.,negative,0.5", with: "film.,uncertain,0.5"))
    #expect(cautious.status == 0)
  }

  @Test func sentencesAbstainOnTheirOwn() throws {
    let place = try Workplace()
    try place.folder.write("text\nGood. The film.\n", to: "a.csv")
    let column = try place.score("a.csv", "-q", "--sentences", "--abstain", "0.8")
    #expect(column.output.contains(#"""label"":""positive"""#))
    #expect(column.output.contains(#"""label"":""uncertain"""#))
    let rows = try place.score("a.csv", "-q", "--unit", "sentence", "--abstain", "0.8")
    #expect(rows.output.contains("Good.,1,1,0,6,positive,"))
    #expect(rows.output.contains("The film.,1,2,6,15,uncertain,"))
  }

  @Test func classifyAbstainsToo() throws {
    let place = try Workplace()
    let text = try place.classify("--abstain", "0.8", "--text", "The film")
    #expect(text.output == "uncertain\t0.5000\n")
    let json = try place.classify("--abstain", "0.8", "--format", "jsonl", "--text", "The film")
    #expect(json.output.contains(#""label":"uncertain","probability":0.5,"score":0.0,"#))
  }

  /// A model that is calibrated on these texts answers so many of them.
  @Test func aCoverageComesFromTheCalibration() throws {
    let place = try Workplace()
    let texts = (0..<60).map { index in
      index % 3 == 0 ? "the film,neg\n" : index % 3 == 1 ? "good,pos\n" : "bad,neg\n"
    }
    try place.folder.write("text,label\n" + texts.joined(), to: "dev.csv")
    let fitted = try place.run(
      "calibrate", "dev.csv", "--model", "tiny.safetensors", "-o", "fitted.safetensors")
    #expect(fitted.status == 0)
    let model = try SentimentClassifier(contentsOf: place.folder["fitted.safetensors"])
    #expect(model.card.confidenceQuantiles?.count == 101)
    let outcome = try place.run(
      "score", "--model", "fitted.safetensors", "dev.csv", "-q", "--coverage", "0.6")
    let counts = outcome.output.split(separator: "\n").dropFirst().reduce(into: [:]) {
      $0[$1.split(separator: ",")[2], default: 0] += 1
    }
    #expect(counts["uncertain"] == 20 && outcome.status == 0)
  }

  @Test func aModelThatWasNotCalibratedHasNoCoverage() throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    let outcome = try place.score("a.csv", "--coverage", "0.9")
    let message = """
      senti: tiny.safetensors: expected a model that notes how sure it is of the texts that it was \
      calibrated on, found none; senti calibrate makes one, --abstain takes a probability

      """
    #expect(outcome == .init(errors: message, status: 65))
  }

  @Test(arguments: [
    (["--abstain", "1.5"], "Expected --abstain from 0 to 1, found 1.5."),
    (["--abstain", "nan"], "Expected --abstain from 0 to 1, found nan."),
    (["--coverage", "0"], "Expected --coverage above 0, and at most 1, found 0.0."),
    (["--coverage", "90"], "Expected --coverage above 0, and at most 1, found 90.0."),
    (
      ["--coverage", "0.9", "--abstain", "0.5"], "Expected --abstain or --coverage, found both."
    ),
  ])
  func wrongNumbersAreNamed(_ arguments: [String], _ message: String) throws {
    let place = try Workplace()
    try place.folder.write(Self.rows, to: "a.csv")
    for verb in ["score", "classify"] {
      let outcome = try Senti.run([verb, "a.csv"] + arguments, in: place.folder)
      #expect(outcome.errors.contains(message) && outcome.status == 64)
    }
  }

  /// What has been written with another threshold is not gone on with.
  @Test func anInterruptedRunGoesOnWithItsThreshold() throws {
    let place = try Workplace()
    try place.folder.write(
      "text\n" + String(repeating: "Good.\nThe film.\n", count: 20) + "\"unclosed", to: "a.csv")
    let first = try place.score(
      "a.csv", "-q", "-o", "b.csv", "--abstain", "0.8", "--max-errors", "0")
    #expect(first.status == 1)
    let other = try place.score("a.csv", "-q", "-o", "b.csv", "--abstain", "0.9", "--resume")
    #expect(other.errors.contains("the least probability was 0.8, is 0.9"))
    let same = try place.score("a.csv", "-q", "-o", "b.csv", "--abstain", "0.8", "--resume")
    #expect(same.status == 1)
    #expect(
      try String(decoding: place.folder.bytes("b.csv"), as: UTF8.self).contains("uncertain"))
  }
}
