import Foundation
import SentiModels
import SentiTestSupport
import Testing

@Suite("senti score, sentences")
struct ScoreCommandSentencesTests {
  private func values(_ text: String) throws -> String { try ScoreCommandTests.values(text) }

  // MARK: A column

  @Test func aColumnHoldsEachSentencesOwnPrediction() throws {
    let place = try Workplace()
    try place.folder.write("text\nGood film. Bad.\n", to: "a.csv")
    let (good, bad) = try (
      TinyModel.classifier().prediction(for: "Good film."),
      TinyModel.classifier().prediction(for: "Bad.")
    )
    let sentences = """
      [{"start":0,"end":11,"label":"positive","probability":\(good.probability),\
      "score":\(good.score)},{"start":11,"end":15,"label":"negative",\
      "probability":\(bad.probability),"score":\(bad.score)}]
      """
    let csv = try place.score("a.csv", "-q", "--sentences")
    let row = try values("Good film. Bad.")
    #expect(
      csv.output == """
        text,label,probability,score,sentences,error
        Good film. Bad.,\(row),"\(sentences.replacing("\"", with: "\"\""))",

        """)
    let objects = try place.score("a.csv", "-q", "--sentences", "--timeline", "--format", "jsonl")
    #expect(objects.output.contains(#","sentences":\#(sentences),"error":null}"#))
    #expect(objects.output.contains(#""mixed":false,"timeline":[{"start":0,"end":11,"score":"#))
  }

  // MARK: Rows

  @Test func aRowASentenceRepeatsTheOtherColumns() throws {
    let place = try Workplace()
    try place.folder.write(
      "id,text,\"x, y\"\r\na7,\"Good, good film.\nBad! \",\"1, 2\"\r\nb,Great,3\r\n", to: "a.csv")
    let outcome = try place.score("a.csv", "-q", "--unit", "sentence")
    let (good, bad, great) = try (values("Good, good film."), values("Bad!"), values("Great"))
    #expect(
      outcome.output == """
        id,text,"x, y",row,sentence,start,end,label,probability,score,error\r
        a7,"Good, good film.","1, 2",1,1,0,17,\(good),\r
        a7,Bad!,"1, 2",1,2,17,22,\(bad),\r
        b,Great,3,2,1,0,5,\(great),\r\n
        """)
    #expect(outcome.status == 0)
  }

  @Test func objectsKeepTheirOtherMembers() throws {
    let place = try Workplace()
    try place.folder.write(#"{"text":"Good. Bad \"film\".","n":1.50}"# + "\n", to: "a.jsonl")
    let outcome = try place.score("a.jsonl", "-q", "--unit", "sentence", "--prefix", "s_")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix(#"{"text":"Good.","n":1.50,"s_row":1,"s_sentence":1,"s_start":0,"#))
    #expect(lines[1].hasPrefix(#"{"text":"Bad \"film\".","n":1.50,"s_row":1,"s_sentence":2,"#))
  }

  /// A row that cannot be scored is one row as it was read, and empty lines stay where they were.
  @Test func everyRowThatIsReadIsThere() throws {
    let place = try Workplace()
    try place.folder.write("text,id\n,1\n\nGood. Bad.,2\n \"x\"y,3,4\n", to: "a.csv")
    let outcome = try place.score("a.csv", "-q", "--unit", "sentence")
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == ",1,1,,,,,,,\"expected a text, found nothing\"")
    #expect(lines[2].isEmpty)
    #expect(lines[3].hasPrefix("Good.,2,2,1,0,6,positive,"))
    #expect(lines[4].hasPrefix("Bad.,2,2,2,6,10,negative,"))
    #expect(lines[5].contains(",3,,,,,,,\"expected 2 fields, found 3\""))
    #expect(lines.count == 7)
  }

  @Test func plainTextsAndFilesHaveTheirSentences() throws {
    let place = try Workplace()
    try place.folder.write("Good. Bad.\nGreat.\n", to: "a.txt")
    let texts = try place.score("--input-format", "lines", "a.txt", "-q", "--unit", "sentence")
    #expect(
      texts.output == """
        text,row,sentence,start,end,label,probability,score,error
        Good.,1,1,0,6,\(try values("Good.")),
        Bad.,1,2,6,10,\(try values("Bad.")),
        Great.,2,1,0,6,\(try values("Great.")),

        """)
    try place.folder.write("Good.\nBad.\n", to: "texts/a.txt")
    let files = try place.score("texts", "-q", "--unit", "sentence")
    #expect(
      files.output == """
        file,row,sentence,start,end,text,label,probability,score,error
        texts/a.txt,1,1,0,6,Good.,\(try values("Good.")),
        texts/a.txt,1,2,6,11,Bad.,\(try values("Bad.")),

        """)
  }

  /// Rows are counted on where an interrupted run has stopped, and no sentence is there twice.
  @Test func anInterruptedRunGoesOn() throws {
    let place = try Workplace()
    let rows = (0..<40).map { "Good film \($0). Bad \($0)! A film." }
    try place.folder.write(
      "text\n" + rows.joined(separator: "\n") + "\n\"unclosed", to: "a.csv")
    let arguments = ["a.csv", "-q", "--unit", "sentence", "--max-errors", "0"]
    func run(_ more: String...) throws -> Senti.Outcome {
      try Senti.run(
        ["score", "--model", "tiny.safetensors"] + arguments + more, in: place.folder)
    }
    let interrupted = try run("-o", "b.csv")
    #expect(interrupted.status == 1 && interrupted.errors.contains("--resume"))
    let resumed = try Senti.run(
      ["score", "--model", "tiny.safetensors", "a.csv", "-q", "--unit", "sentence", "-o", "b.csv"]
        + ["--resume"], in: place.folder)
    #expect(resumed.status == 1)
    let whole = try Senti.run(
      ["score", "--model", "tiny.safetensors", "a.csv", "-q", "--unit", "sentence", "-o", "c.csv"],
      in: place.folder)
    #expect(whole.status == 1)
    #expect(try place.folder.bytes("b.csv") == place.folder.bytes("c.csv"))
    let lines = String(decoding: try place.folder.bytes("c.csv"), as: UTF8.self).split(
      separator: "\n")
    #expect(lines.count == 1 + 3 * 40 + 1)
  }

  @Test(arguments: ["--timeline", "--sentences", "--explain"])
  func aColumnOfSentencesNeedsRows(_ flag: String) throws {
    let place = try Workplace()
    try place.folder.write("text\nGood.\n", to: "a.csv")
    let outcome = try place.score("a.csv", flag, "--unit", "sentence")
    let message = "Expected --unit row with \(flag), found --unit sentence."
    #expect(outcome.errors.contains(message) && outcome.status == 64)
  }
}
