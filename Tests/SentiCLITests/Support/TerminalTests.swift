import SentiTestSupport
import Testing

@Suite("Terminal")
struct TerminalTests {
  @Test func messagesAreColouredOnATerminal() throws {
    let outcome = try Terminals.run(
      ["classify", "--model", "none", "x"], in: Workplace().folder)
    #expect(outcome.screen == "\u{1B}[1;31msenti:\u{1B}[0m none: no such file or folder\r\n")
    #expect(outcome.status == 66)
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
  func messagesArePlainWhereColoursAreUnwanted(environment: [String: String]) throws {
    let outcome = try Terminals.run(
      ["classify", "--model", "none", "x"], in: Workplace().folder, environment: environment)
    #expect(outcome.screen == "senti: none: no such file or folder\r\n")
  }

  @Test func messagesArePlainInAFile() throws {
    let outcome = try Workplace().run("classify", "--model", "none", "x")
    #expect(outcome.errors == "senti: none: no such file or folder\n")
  }
}
