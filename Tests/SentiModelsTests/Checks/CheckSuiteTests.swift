import SentiCorpora
import SentiTestSupport
import Testing

@testable import SentiModels

@Suite("Check suite")
struct CheckSuiteTests {
  private func cases(_ lines: String...) throws -> [CheckCase] {
    let folder = try TemporaryFolder()
    let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "suite.jsonl")
    return try CheckSuite(contentsOf: [file]).cases
  }

  private func complaint(_ lines: String...) throws -> String {
    let folder = try TemporaryFolder()
    let file = try folder.write(lines.joined(separator: "\n") + "\n", to: "suite.jsonl")
    return folder.complaint { _ = try CheckSuite(contentsOf: [file]) }
  }

  // MARK: Cases

  @Test func aTextAndALabelAreACase() throws {
    let check = try #require(try cases(#"{"text":"I like it.","expect":"Pos"}"#).first)
    #expect(check.text == "I like it." && check.variants.isEmpty && check.isCounted)
    #expect(check.expectation == .label(["positive"]) && check.capability == "suite")
    #expect(check.origin.line == 1 && check.origin.path.hasSuffix("/suite.jsonl"))
  }

  @Test func aCaseSaysAllOfItself() throws {
    let check = try #require(
      try cases(
        #"{"text":"a","variants":["b"],"kind":"direction","expect":"not less neg","tolerance":0.3,"#
          + #""capability":"added","counted":false,"about":"nothing"}"#
      ).first)
    #expect(check.capability == "added" && !check.isCounted && check.variants == ["b"])
    #expect(
      check.expectation == .direction(CheckDirection(.notLess, "negative", tolerance: 0.3)))
  }

  @Test func severalLabelsMayBeRight() throws {
    let checks = try cases(#"{"text":"a","expect":["neutral","pos","mixed"]}"#)
    #expect(checks.map(\.expectation) == [.label(["neutral", "positive", "mixed"])])
  }

  @Test(arguments: [("invariance", 0.2), ("direction", 0.1)])
  func tolerancesHaveDefaults(kind: String, tolerance: Double) throws {
    let expect = kind == "direction" ? #""expect":"not more positive","# : ""
    let check = try #require(
      try cases(#"{"text":"a","variants":["b"],\#(expect)"kind":"\#(kind)"}"#).first)
    switch check.expectation {
    case .invariance(let found): #expect(found == tolerance)
    case .direction(let direction): #expect(direction.tolerance == tolerance)
    case .label: Issue.record("a label")
    }
  }

  @Test func aHeadingHoldsUntilTheNext() throws {
    let checks = try cases(
      #"{"capability":"names","kind":"invariance","tolerance":0.05,"counted":false}"#,
      #"{"text":"a","variants":["b"]}"#, "",
      #"{"text":"a","variants":["b"],"tolerance":0.5,"counted":true}"#,
      #"{"text":"c","variants":["d"]}"#, #"{"about":"plain words"}"#,
      #"{"text":"e","expect":"negative"}"#)
    #expect(checks.map(\.capability) == ["names", "names", "names", "suite"])
    #expect(checks.map(\.isCounted) == [false, true, false, true])
    #expect(
      checks.map(\.expectation) == [
        .invariance(tolerance: 0.05), .invariance(tolerance: 0.5), .invariance(tolerance: 0.05),
        .label(["negative"]),
      ])
    #expect(checks.map(\.origin.line) == [2, 4, 5, 7])
  }

  @Test(arguments: [
    (
      #"{"text":"a"}"#,
      #"expected a label, or several of which any will do in field "expect", found none"#
    ),
    (#"{"text":"","expect":"positive"}"#, #"expected text in field "text", found an empty one"#),
    (#"{"text":7,"expect":"positive"}"#, #"expected text in field "text", found a number"#),
    (
      #"{"text":"a","expect":["positive"," "]}"#,
      #"expected a label, or several of which any will do in field "expect", found an empty one"#
    ),
    (
      #"{"text":"a","expect":"positive","variants":["b"]}"#,
      #"expected none for the kind label in field "variants", found some"#
    ),
    (
      #"{"variants":["b"],"kind":"invariance"}"#,
      #"expected a field named "text", found "variants", "kind""#
    ),
    (
      #"{"text":"a","kind":"invariance"}"#,
      #"expected a field named "variants", found "text", "kind""#
    ),
    (
      #"{"text":"a","kind":"invariance","variants":[]}"#,
      #"expected at least one text in field "variants", found none"#
    ),
    (
      #"{"text":"a","kind":"invariance","variants":["b","a"]}"#,
      #"expected texts that differ from the text and from each other in field "variants", found one twice"#
    ),
    (
      #"{"text":"a","kind":"invariance","variants":["b",""]}"#,
      #"expected texts that differ from the text and from each other in field "variants", found an empty one"#
    ),
    (
      #"{"text":"a","kind":"invariance","variants":["b"],"expect":"positive"}"#,
      #"expected nothing for the kind invariance in field "expect", found something"#
    ),
    (
      #"{"text":"a","kind":"direction","variants":["b"],"expect":"positive"}"#,
      #"expected not more LABEL or not less LABEL in field "expect", found "positive""#
    ),
    (
      #"{"text":"a","kind":"direction","variants":["b"],"expect":"not more  "}"#,
      #"expected not more LABEL or not less LABEL in field "expect", found "not more  ""#
    ),
    (
      #"{"text":"a","kind":"lable","expect":"positive"}"#,
      #"expected label, invariance or direction in field "kind", found "lable""#
    ),
    (
      #"{"tolerance":1.5}"#, #"expected a number from 0 to 1 in field "tolerance", found "1.5""#
    ),
    (#"{"counted":"no"}"#, #"expected true or false in field "counted", found "no""#),
    (
      #"{"txt":"a","expect":"positive"}"#,
      #"expected fields among "text", "expect", "variants", "kind", "tolerance", "capability", "#
        + #""counted", "about", found "txt""#
    ),
    (#"{"text":"a","text":"b"}"#, #"expected one field named "text", found several"#),
    (
      #"{"text":"a","expect":"positive""#,
      "expected a comma or a closing brace, found the end at byte 31 of the row"
    ),
  ])
  func aMalformedLineIsNamed(line: String, complaint: String) throws {
    let first = #"{"text":"a","expect":"positive"}"#
    #expect(try self.complaint(first, "", line) == "suite.jsonl:3: \(complaint)")
  }

  // MARK: Files

  @Test func aFolderIsItsFilesInOrder() throws {
    let folder = try TemporaryFolder()
    try folder.write(#"{"text":"b","expect":"negative"}"#, to: "suite/b.jsonl")
    try folder.write(#"{"text":"a","expect":"positive"}"#, to: "suite/a.jsonl")
    try folder.write("not a suite", to: "suite/README.md")
    try folder.write(#"{"text":"c","expect":"positive"}"#, to: "c.txt")
    let suite = try CheckSuite(contentsOf: [folder["suite"], folder["c.txt"]])
    #expect(suite.cases.map(\.text) == ["a", "b", "c"])
    #expect(suite.capabilities == ["a", "b", "c.txt"])
  }

  @Test func withoutCasesThereIsNoSuite() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "empty.jsonl")
    try folder.write("{}\n", to: "heading.jsonl")
    try folder.write("x", to: "folder/README.md")
    for (name, complaint) in [
      ("empty.jsonl", "expected texts, found none"),
      ("heading.jsonl", "expected texts, found none"),
      ("folder", "expected texts, found none"), ("none", "no such file or folder"),
    ] {
      let found = folder.complaint { _ = try CheckSuite(contentsOf: [folder[name]]) }
      #expect(found == "\(name): \(complaint)")
    }
  }
}
