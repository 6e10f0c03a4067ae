import Testing

@testable import SentiCLI

@Suite("Verb suggestion")
struct VerbSuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("abc", "ac", 1), ("ac", "abc", 1), ("abc", "axc", 1),
    ("abcd", "acbd", 1), ("abc", "", 3), ("kitten", "sitting", 3),
  ])
  func distancesCountEdits(_ one: String, _ other: String, _ count: Int) {
    #expect(VerbSuggestion.distance(one, other) == count)
  }

  @Test(arguments: [
    [], ["--help"], ["help", "score"], ["classify", "x"], ["evaluate", "a.csv"],
    ["vocab", "--help"],
    ["vocab", "build", "x"],
  ])
  func verbsAreLeftAlone(arguments: [String]) {
    let failure = VerbSuggestion.failure(for: arguments, of: SentiCommand.self)
    #expect(failure?.message == nil)
  }
}
