import SentiModels
import SentiTensor
import SentiTestSupport
import Testing

@Suite("senti verify")
struct VerifyCommandTests {
  @Test func everyWayHasTheSameBits() throws {
    let place = try Workplace()
    let rows = (0..<60).map { index in
      (0..<index * 5).map { TinyModel.words[($0 * 3 + index) % 10] }.joined(separator: " ")
    }
    try place.folder.write("text\n" + rows.joined(separator: "\n") + "\n", to: "a.csv")
    let outcome = try place.run(
      "verify", "a.csv", "--model", "tiny.safetensors", "--rows", "40", "--threads", "3")
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    let ways = ["together", "together in reverse order", "as a stream"]
    let threads = ["1 thread", "2 threads", "3 threads"]
    let names =
      ["in pieces, with carried states", "sentence by sentence"]
      + threads.flatMap { count in ways.map { "\($0), \(count)" } }
      + threads.map { "senti score, \($0)" }
    let width = names.map(\.count).max() ?? 0
    let lines = names.map { name in
      name + String(repeating: " ", count: width - name.count) + "  40     0\n"
    }
    let header = "way" + String(repeating: " ", count: width - 3) + "  texts  different\n"
    #expect(outcome.output == header + lines.joined())
  }

  @Test func theBundledModelHasTheSameBitsToo() throws {
    let place = try Workplace()
    try place.folder.write("What an ending!\nTwo hours of my life.\n", to: "a.txt")
    let outcome = try place.run("verify", "a.txt")
    #expect(outcome.errors.isEmpty && outcome.status == 0)
    #expect(outcome.output.contains("senti score, 2 threads                2      0\n"))
  }

  /// Of two rows one cannot be verified, so it shows which of them is in a sample of one.
  @Test func theSeedDecidesWhichRowsAreTaken() throws {
    let place = try Workplace()
    try TinyModel.overflowingClassifier().write(to: place.folder["big"], storedType: .float32)
    try place.folder.write("text\nbad\ngood\n", to: "a.csv")
    let statuses = try (1...6).map { seed in
      try place.run("verify", "a.csv", "-m", "big", "--rows", "1", "--seed", "\(seed)").status
    }
    #expect(Set(statuses) == [0, 65])
  }

  @Test func withoutATextThereIsNothingToVerify() throws {
    let place = try Workplace()
    try place.folder.write("text\n\"\"\n", to: "a.csv")
    let outcome = try place.run("verify", "a.csv")
    #expect(outcome == .init(errors: "senti: a.csv: expected texts, found none\n", status: 65))
  }

  @Test func aSampleOfNoRowsExitsWith64() throws {
    let outcome = try Workplace().run("verify", "a.csv", "--rows", "0")
    #expect(outcome.errors.hasPrefix("Error: Expected at least 1 row, found 0.\n"))
    #expect(outcome.output.isEmpty && outcome.status == 64)
  }
}
