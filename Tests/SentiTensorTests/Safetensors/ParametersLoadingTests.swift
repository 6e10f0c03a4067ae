import SentiTensor
import SentiTestSupport
import Testing

@Suite("Loading a sub-tree of parameters")
struct ParametersLoadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file with the layers `rnn.` and `head.`, stored in some type.
  func archive(
    as type: SafetensorsArchive.ElementType = .float32
  ) throws -> SafetensorsArchive {
    var writer = SafetensorsWriter(formatVersion: 1)
    var layout = ParameterLayout()
    for (name, shape) in [("rnn.weight", [2, 3]), ("rnn.bias", [2]), ("head.weight", [1, 2])] {
      let slot = layout.add(name, shape: shape)
      writer.append((1...slot.range.count).map { Float($0) / 2 }, slot, as: type)
    }
    try writer.write(to: folder["a"], overwriting: true)
    return try SafetensorsArchive(contentsOf: folder["a"])
  }

  static func parameters(_ shape: [Int] = [2, 3]) -> Parameters<Float> {
    var layout = ParameterLayout()
    _ = layout.add("encoder.weight", shape: shape)
    _ = layout.add("encoder.bias", shape: [2])
    _ = layout.add("output.weight", shape: [1, 2])
    return Parameters(layout: layout)
  }

  @Test(arguments: [
    SafetensorsArchive.ElementType.float32, .float16, .brainFloat16, .integer8,
  ])
  func aPrefixCanBecomeAnother(_ type: SafetensorsArchive.ElementType) throws {
    var parameters = Self.parameters()
    let loaded = try parameters.load(from: archive(as: type), "rnn.", into: "encoder.")
    #expect(loaded.map(\.name) == ["encoder.weight", "encoder.bias"])
    let wanted: [Float] = [0.5, 1, 1.5, 2, 2.5, 3, 0.5, 1, 0, 0]
    #expect(mismatch(parameters.values, wanted, absolute: 0.02) == nil)
  }

  @Test func theSameNamesNeedNoTarget() throws {
    var layout = ParameterLayout()
    let head = layout.add("head.weight", shape: [1, 2])
    var parameters = Parameters<Float>(layout: layout)
    #expect(try parameters.load(from: archive(), "head.") == [head])
    #expect(parameters.values == [0.5, 1])
  }

  @Test func anErrorNamesBothAndLeavesEverything() throws {
    var parameters = Self.parameters([3, 2])
    let archive = try archive()
    #expect(
      throws: ArchiveError.unexpectedTensor(
        path: folder["a"], tensor: "rnn.weight",
        expected: "shape [3, 2], which 'encoder.weight' has", found: "[2, 3]")
    ) { _ = try parameters.load(from: archive, "rnn.", into: "encoder.") }
    #expect(
      throws: ArchiveError.missingTensor(path: folder["a"], tensor: "head.bias")
    ) { _ = try parameters.load(from: archive, "head.b", into: "encoder.b") }
    #expect(
      throws: ArchiveError.unexpectedTensor(
        path: folder["a"], tensor: "rnn.", expected: "parameters that begin with 'decoder.'",
        found: "none")
    ) { _ = try parameters.load(from: archive, "rnn.", into: "decoder.") }
    #expect(parameters.values.allSatisfy { $0 == 0 })
  }

  @Test func rowsAreReplacedOneByOne() {
    var parameters = Self.parameters()
    let slot = parameters.layout.slots[0]
    parameters.replaceRows(of: slot, with: [(1, [4, 5, 6])])
    #expect(parameters.values == [0, 0, 0, 4, 5, 6, 0, 0, 0, 0])
  }

  @Test func stopsAtRowsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      var parameters = ParametersLoadingTests.parameters()
      parameters.replaceRows(of: parameters.layout.slots[0], with: [(2, [4, 5, 6])])
    }
    await #expect(processExitsWith: .failure) {
      var parameters = ParametersLoadingTests.parameters()
      parameters.replaceRows(of: parameters.layout.slots[0], with: [(1, [4, 5])])
    }
  }
}
