internal import CSentiKernels

/// The one door to the compiled kernels: shapes are checked here, and pointers stay behind it.
///
/// Every element of a product is one chain of multiply-adds over the reduced dimension, front to
/// back, so a row's result has the same bits alone and in any batch. Sizes and letters:
/// <doc:ShapesAndLetters>.
///
/// Stateless, and safe to use from any thread.
@safe public struct Kernels<Scalar: MatrixScalar>: Sendable {
  /// The instructions that these kernels use.
  public let instructionSet: InstructionSet

  // The table is a constant of the C library: never written, never freed, so any thread may read it.
  private nonisolated(unsafe) let table: UnsafePointer<CSentiKernels_Table>

  /// The kernels for an instruction set, or nil where this machine or element type has none.
  ///
  /// - Parameter instructionSet: The instructions to use.
  public init?(_ instructionSet: InstructionSet) {
    guard
      let table = unsafe CSentiKernels_table(
        Scalar.kernelScalar.cValue, instructionSet.cValue)
    else { return nil }
    unsafe self.table = table
    self.instructionSet = instructionSet
  }

  /// The fastest kernels that this machine has for the element type.
  public static var best: Kernels {
    let sets = InstructionSet.allCases.reversed()
    guard let kernels = sets.lazy.compactMap(Kernels.init).first else {
      preconditionFailure("no kernels for \(Scalar.self)")
    }
    return kernels
  }

  var functions: CSentiKernels_Table { unsafe table.pointee }

  // MARK: Passes over an arena

  /// Sets elements to zero.
  package static func setToZero(_ values: inout AlignedArray<Scalar>, _ range: Range<Int>) {
    check(range, in: values.count)
    let start = unsafe UnsafeMutableRawPointer(values.mutableAddress() + range.lowerBound)
    unsafe start.initializeMemory(
      as: UInt8.self, repeating: 0, count: range.count * MemoryLayout<Scalar>.stride)
  }

  /// Sets all elements to a value.
  package static func fill(_ matrix: inout Matrix<Scalar>, with value: Scalar) {
    let count = matrix.elementCount
    unsafe matrix.storage.mutableAddress().update(repeating: value, count: count)
  }

  /// `target[i] = target[i] * targetScale + source[i] * sourceScale` over a range of both.
  package func combine(
    _ target: inout AlignedArray<Scalar>, scaledBy targetScale: Double = 1,
    _ source: AlignedArray<Scalar>, scaledBy sourceScale: Double = 1, in range: Range<Int>
  ) {
    Self.check(range, in: min(target.count, source.count))
    unsafe functions.combine(
      target.mutableAddress() + range.lowerBound, targetScale, source.address + range.lowerBound,
      sourceScale, range.count)
  }

  /// The sum of squares of a range of elements, in double precision.
  package func sumOfSquares(_ values: AlignedArray<Scalar>, _ range: Range<Int>) -> Double {
    Self.check(range, in: values.count)
    return unsafe functions.sumOfSquares(values.address + range.lowerBound, range.count)
  }

  /// Replaces every element by what an activation makes of it.
  package func activate(_ values: inout AlignedArray<Scalar>, _ activation: Activation) {
    unsafe functions.activate(values.mutableAddress(), values.count, activation.cValue)
  }

  /// Replaces every element of a matrix by what an activation makes of it.
  package func activate(_ matrix: inout Matrix<Scalar>, _ activation: Activation) {
    let count = matrix.elementCount
    unsafe functions.activate(
      matrix.storage.mutableAddress(), count, activation.cValue)
  }

  /// Multiplies the gradient of an activation's outputs by its derivative.
  package func activateBackward(
    _ gradient: inout Matrix<Scalar>, outputs: Matrix<Scalar>, _ activation: Activation
  ) {
    precondition(
      gradient.rowCount <= outputs.rowCount && gradient.columnCount == outputs.columnCount,
      "gradient [\(gradient.rowCount), \(gradient.columnCount)] of outputs "
        + "[\(outputs.rowCount), \(outputs.columnCount)]")
    let count = gradient.elementCount
    unsafe functions.activateBackward(
      gradient.storage.mutableAddress(), outputs.storage.address, count, activation.cValue)
  }

  static func check(_ range: Range<Int>, in count: Int) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "elements \(range) of \(count)")
  }

  static func check(_ rows: ArraySlice<Int32>, in count: Int) {
    precondition(
      rows.allSatisfy { $0 >= 0 && Int($0) < count },
      "rows \(rows.min() ?? 0) to \(rows.max() ?? 0) of \(count)")
  }
}
