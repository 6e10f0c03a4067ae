import Foundation
import SentiTensor
import SentiTestSupport
import Testing

@Suite("Kernels")
struct KernelsTests {
  /// Lengths around the widths of all vectors.
  static let lengths = Array(0...17) + [31, 32, 33, 47, 48, 49, 63, 64, 65, 100]

  // MARK: Nonlinearities

  static let points: [Float] =
    stride(from: -12, through: 12, by: 0.003).map { $0 } + [1e-30, -1e-30, 1e-7, -1e-7, 5e-4]

  /// The tail of the logistic function is 0.5 - 0.5 tanh, so its error is absolute.
  @Test(arguments: InstructionSet.here)
  func nonlinearitiesAreAccurate(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let (tanhs, sigmoids) = (
      kernels.activated(Self.points, .tanh), kernels.activated(Self.points, .sigmoid)
    )
    let exact = Self.points.map { Foundation.tanh(Double($0)) }
    #expect(mismatch(tanhs, exact, absolute: 1e-40, relative: 6e-7) == nil)
    let logistic = Self.points.map { 1 / (1 + Foundation.exp(-Double($0))) }
    #expect(mismatch(sigmoids, logistic, absolute: 2e-7) == nil)
  }

  @Test func nonlinearitiesInDoubleAreThoseOfTheSystem() throws {
    let points = Self.points.map(Double.init)
    let kernels = Kernels<Double>.best
    let (tanhs, sigmoids) = (kernels.activated(points, .tanh), kernels.activated(points, .sigmoid))
    #expect(mismatch(tanhs, points.map { Foundation.tanh($0) }, absolute: 1e-15) == nil)
    #expect(
      mismatch(sigmoids, points.map { 1 / (1 + Foundation.exp(-$0)) }, absolute: 1e-15) == nil)
  }

  @Test(arguments: InstructionSet.here)
  func nonlinearitiesSaturateAndKeepNaN(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    let points: [Float] = [.infinity, -.infinity, 1e30, -1e30, 100, -100, .nan]
    let (tanhs, sigmoids) = (kernels.activated(points, .tanh), kernels.activated(points, .sigmoid))
    #expect(
      mismatch(Array(tanhs.dropLast()), [1, -1, 1, -1, 1, -1] as [Float], absolute: 1e-6) == nil)
    #expect(
      mismatch(Array(sigmoids.dropLast()), [1, 0, 1, 0, 1, 0] as [Float], absolute: 1e-6) == nil)
    #expect(tanhs[6].isNaN)
    #expect(sigmoids[6].isNaN)
    #expect(tanhs.dropLast().allSatisfy { (-1...1).contains($0) })
    #expect(sigmoids.dropLast().allSatisfy { (0...1).contains($0) })
  }

  @Test(arguments: InstructionSet.here)
  func anElementHasTheSameBitsInAnyArray(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    var generator = SeededGenerator(seed: 1)
    let points: [Float] = generator.normals(67, deviation: 3)
    let all = kernels.activated(points, .tanh)
    for start in 0..<20 {
      let some = kernels.activated(Array(points[start..<min(67, start + 2 * start + 1)]), .tanh)
      let count = some.count
      #expect(bits(some) == bits(Array(all[start..<start + count])))
    }
  }

  // MARK: Passes over an arena

  @Test func setsARangeOnly() {
    var values = AlignedArray<Float>([1, 2, 3, 4, 5])
    Kernels.setToZero(&values, 1..<3)
    #expect(values.elements == [1, 0, 0, 4, 5])
  }

  @Test func fillsAMatrixAndNothingBehindIt() {
    var matrix = Matrix<Float>(rowCount: 2, columnCount: 2, elements: [1, 2, 3, 4])
    matrix.resize(rowCount: 1)
    Kernels.fill(&matrix, with: 7)
    matrix.resize(rowCount: 2)
    #expect(matrix.elements == [7, 7, 3, 4])
  }

  @Test(arguments: InstructionSet.here)
  func combinesARangeOnly(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for length in Self.lengths {
      var target = AlignedArray((0..<length + 6).map(Float.init))
      let source = AlignedArray(target.elements.map { $0 * 4 })
      kernels.combine(&target, scaledBy: 0.5, source, scaledBy: 2, in: 3..<3 + length)
      let expected = (0..<length + 6).map {
        (3..<3 + length).contains($0) ? Float($0) * 8.5 : Float($0)
      }
      #expect(target.elements == expected)
    }
  }

  @Test(arguments: InstructionSet.here)
  func sumsSquaresOfARangeOnly(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels<Float>(set))
    for length in Self.lengths {
      let values = [Float](repeating: .nan, count: 2) + (0..<length).map(Float.init) + [.nan]
      let expected = (0..<length).reduce(0) { $0 + $1 * $1 }
      #expect(kernels.sumOfSquares(AlignedArray(values), 2..<2 + length) == Double(expected))
    }
  }

  @Test func sumsSquaresThatAreNotFinite() {
    let kernels = Kernels<Float>.best
    #expect(kernels.sumOfSquares(AlignedArray([1, .nan, 2]), 0..<3).isNaN)
    #expect(kernels.sumOfSquares(AlignedArray([1, -.infinity, 2]), 0..<3) == .infinity)
    let greatest = Float.greatestFiniteMagnitude
    #expect(kernels.sumOfSquares(AlignedArray([greatest, greatest]), 0..<2).isFinite)
  }

  // MARK: Preconditions

  @Test func stopsOutsideOfAnArray() async {
    await #expect(processExitsWith: .failure) {
      var values = AlignedArray<Float>([1])
      Kernels.setToZero(&values, 0..<2)
    }
    await #expect(processExitsWith: .failure) {
      var values = AlignedArray<Float>([1, 2])
      Kernels.best.combine(&values, AlignedArray([1]), in: 0..<2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Kernels<Float>.best.sumOfSquares(AlignedArray([1]), 0..<2)
    }
  }
}

extension Kernels {
  /// What an activation makes of elements.
  fileprivate func activated(_ points: [Scalar], _ activation: Activation) -> [Scalar] {
    var elements = AlignedArray(points)
    activate(&elements, activation)
    return elements.elements
  }
}
