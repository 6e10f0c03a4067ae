import SentiTensor
import SentiTestSupport
import Testing

@Suite("Packed matrix")
struct PackedMatrixTests {
  static func arena(_ shape: [Int]) -> (Parameters<Float>, ParameterSlot) {
    var layout = ParameterLayout()
    _ = layout.add("before", shape: [3])
    let slot = layout.add("weights", shape: shape)
    let values = (0..<layout.elementCount).map { Float($0 - 3) }
    return (Parameters(layout: layout, values: values), slot)
  }

  @Test func knowsItsShape() {
    let packed = PackedMatrix<Float>(depth: 2, columnCount: 12, gateCount: 3)
    #expect(packed.depth == 2)
    #expect(packed.columnCount == 12)
    #expect(packed.gateCount == 3)
    #expect(packed.precision == .full)
    #expect(packed.kernels.instructionSet == InstructionSet.best)
  }

  /// Multiplying by the unit matrix gives the packed matrix back.
  func contents(_ packed: PackedMatrix<Float>) -> Matrix<Float> {
    var unit = Matrix<Float>(rowCount: packed.depth, columnCount: packed.depth)
    for index in 0..<packed.depth { unit[index, index] = 1 }
    var contents = Matrix<Float>(rowCount: packed.depth, columnCount: packed.columnCount)
    packed.kernels.multiply(MatrixBlock(unit, rows: 0..<packed.depth), by: packed, into: &contents)
    return contents
  }

  @Test(arguments: InstructionSet.here)
  func packsOutputsByInputs(_ set: InstructionSet) throws {
    let (parameters, slot) = Self.arena([3, 2])
    var packed = PackedMatrix(
      depth: 2, columnCount: 3, kernels: try #require(Kernels<Float>(set)))
    #expect(contents(packed).elements == [0, 0, 0, 0, 0, 0])
    packed.pack(parameters, slot)
    #expect(contents(packed).elements == [0, 2, 4, 1, 3, 5])
  }

  @Test(arguments: InstructionSet.here)
  func packsTransposed(_ set: InstructionSet) throws {
    let (parameters, slot) = Self.arena([3, 2])
    var packed = PackedMatrix(
      depth: 3, columnCount: 2, kernels: try #require(Kernels<Float>(set)))
    packed.packTransposed(parameters, slot)
    #expect(contents(packed).elements == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: InstructionSet.here)
  func packsSomeColumns(_ set: InstructionSet) throws {
    let (parameters, slot) = Self.arena([2, 4])
    let packed = PackedMatrix(
      parameters, slot, columns: 1..<4, kernels: try #require(Kernels<Float>(set)))
    #expect(packed.depth == 3 && packed.columnCount == 2)
    #expect(contents(packed).elements == [1, 5, 2, 6, 3, 7])
  }

  @Test func stopsAtColumnsThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      let (parameters, slot) = PackedMatrixTests.arena([2, 4])
      _ = PackedMatrix(parameters, slot, columns: 2..<5)
    }
  }

  @Test func stopsAtSizesThatAreNone() async {
    await #expect(processExitsWith: .failure) {
      _ = PackedMatrix<Float>(depth: 0, columnCount: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = PackedMatrix<Float>(depth: 1, columnCount: 0)
    }
    await #expect(processExitsWith: .failure) {
      _ = PackedMatrix<Float>(depth: 1, columnCount: 4, gateCount: 3)
    }
  }

  @Test func stopsAtRoundedWeightsInDouble() async {
    await #expect(processExitsWith: .failure) {
      _ = PackedMatrix<Double>(depth: 1, columnCount: 1, precision: .integer8)
    }
  }

  @Test func stopsAtParametersOfAnotherShape() async {
    await #expect(processExitsWith: .failure) {
      let (parameters, slot) = PackedMatrixTests.arena([2, 3])
      var packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      packed.pack(parameters, slot)
    }
    await #expect(processExitsWith: .failure) {
      let (parameters, slot) = PackedMatrixTests.arena([3, 2])
      var packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      packed.packTransposed(parameters, slot)
    }
    await #expect(processExitsWith: .failure) {
      let (_, slot) = PackedMatrixTests.arena([3, 2])
      var packed = PackedMatrix<Float>(depth: 2, columnCount: 3)
      packed.pack(Parameters(layout: ParameterLayout()), slot)
    }
  }
}
