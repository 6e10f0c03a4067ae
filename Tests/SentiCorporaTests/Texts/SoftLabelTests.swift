import SentiCorpora
import SentiTestSupport
import Testing

@Suite("Soft labels")
struct SoftLabelTests {
  static let fields = CorpusFields(softLabel: "teacher", weight: "weight")

  /// Reads rows of JSON Lines with labels, soft labels and weights.
  private func read(_ rows: String) throws -> [Result<LabelledText, CorpusError>] {
    let bytes = ByteSource(bytes: Array(rows.utf8), name: "rows.jsonl")
    let rows = try RowReader(bytes, format: .jsonl)
    return Array(try CorpusReader(rows, fields: Self.fields))
  }

  @Test func readsObjectsArraysAndWeights() throws {
    let found = try read(
      """
      {"text": "a", "label": "pos", "teacher": {"pos": 0.75, "neg": 0.25}, "weight": 2}
      {"text": "b", "teacher": [ 0.2 , 0.8 ]}
      {"text": "c", "label": "neg", "teacher": null}
      """
    ).map { try $0.get() }
    #expect(found[0].softLabel == .named(["pos": 0.75, "neg": 0.25]))
    #expect(found[0].weight == 2)
    #expect(found[1].softLabel == .ordered([0.2, 0.8]))
    #expect(found[1].label == nil)
    #expect(found[1].weight == 1)
    #expect(found[2].softLabel == nil)
    #expect(found[2].label == "neg")
  }

  @Test func readsTheTextOfCSV() throws {
    let table = "text,teacher\na,\"{\"\"neg\"\": 0.5, \"\"pos\"\": 0.5}\"\nb,\"[1, 0]\"\n"
    let rows = try RowReader(ByteSource(bytes: Array(table.utf8), name: "rows.csv"), format: .csv)
    let found = try CorpusReader(rows, fields: CorpusFields(softLabel: "teacher"))
      .map { try $0.get().softLabel }
    #expect(found == [.named(["neg": 0.5, "pos": 0.5]), .ordered([1, 0])])
  }

  @Test(arguments: [
    "[0.5, 0.4]", "[1.5, -0.5]", "[]", "{}", "{\"neg\": 0.5}", "0.5", "\"positive\"",
    "[0.5, [0.5]]", "{\"neg\": \"0.5\", \"pos\": 0.5}", "[1e999, 0]",
    "{\"pos\": 0.5, \"pos\": 0.5}",
  ])
  func refusesWhatIsNoDistribution(_ value: String) throws {
    let found = try read("{\"text\": \"a\", \"label\": \"pos\", \"teacher\": \(value)}")
    let error = try #require(throws: CorpusError.self) { try found[0].get() }
    #expect(error.line == 1)
    #expect("\(error)".contains("expected probabilities that sum to 1 in field \"teacher\""))
  }

  @Test(arguments: ["-1", "\"much\"", "1e999", "[1]"])
  func refusesWhatIsNoWeight(_ value: String) throws {
    let found = try read("{\"text\": \"a\", \"label\": \"pos\", \"weight\": \(value)}")
    #expect(throws: CorpusError.self) { try found[0].get() }
  }

  @Test func fitsTheLabelsOrNot() {
    #expect(SoftLabel.named(["b": 1]).probabilities(of: ["a", "b"]) == [0, 1])
    #expect(SoftLabel.named(["c": 1]).probabilities(of: ["a", "b"]) == nil)
    #expect(SoftLabel.ordered([0.25, 0.75]).probabilities(of: ["a", "b"]) == [0.25, 0.75])
    #expect(SoftLabel.ordered([0.25, 0.75]).probabilities(of: ["a", "b", "c"]) == nil)
    #expect(SoftLabel.ordered([0.25, 0.75]).count == 2)
  }

  /// Rounded probabilities are scaled to the sum 1.
  @Test func roundedProbabilitiesSumToOne() throws {
    let soft = SoftLabel.ordered([0.333, 0.333, 0.333])
    let found = try #require(soft.probabilities(of: ["a", "b", "c"]))
    #expect(abs(found.reduce(0, +) - 1) < 1e-15)
  }
}
