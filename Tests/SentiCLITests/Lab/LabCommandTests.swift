import Foundation
import SentiTestSupport
import Testing

@Suite("senti lab")
struct LabCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func listsTheExperiments() throws {
    let found = try Senti.run(["lab"], in: folder)
    #expect(found.status == 0)
    #expect(found.output.hasPrefix("neuron "))
    #expect(found.output.split(separator: "\n").count == 11)
  }

  @Test func printsATable() throws {
    let found = try Senti.run(["lab", "neuron"], in: folder)
    #expect(found.status == 0 && found.errors.isEmpty)
    #expect(found.output.contains("\nt  x(t)   y(t-1)"))
    #expect(found.output.contains("\n0  1.00   0.0000"))
  }

  @Test func printsJSON() throws {
    let found = try Senti.run(["lab", "neuron", "--format", "json"], in: folder)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    #expect(json["experiment"] as? String == "neuron")
    let tables = try #require(json["tables"] as? [[String: Any]])
    #expect((tables[0]["rows"] as? [[Any]])?.count == 8)
  }

  @Test func writesAPage() throws {
    let arguments = ["lab", "neuron", "--html", "n.html"]
    #expect(try Senti.run(arguments, in: folder).status == 0)
    let page = try String(decoding: folder.bytes("n.html"), as: UTF8.self)
    #expect(page.contains("<td>0.5370</td>"))
    #expect(try Senti.run(arguments, in: folder).status == 74)
    #expect(try Senti.run(["lab", "--html", "n.html"], in: folder).status == 64)
  }

  @Test func anUnknownExperimentIsRefused() throws {
    let found = try Senti.run(["lab", "vanishing"], in: folder)
    #expect(found.status == 64 && found.errors.contains("gradient-flow"))
  }
}
