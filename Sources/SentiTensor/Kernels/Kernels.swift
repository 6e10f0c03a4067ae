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
        Scalar.kernelScalar.kernelName, instructionSet.kernelName)
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

  /// An array of zeros; all bits of a zero are zero in both element types.
  package static func zeros(count: Int) -> [Scalar] {
    // All empty arrays share one storage, whose count the closure below would write.
    guard count > 0 else { return [] }
    return unsafe [Scalar](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      unsafe UnsafeMutableRawBufferPointer(buffer).initializeMemory(as: UInt8.self, repeating: 0)
      initializedCount = count
    }
  }

  /// Sets elements to zero.
  package static func setToZero(
    _ values: inout some ContiguousElements<Scalar>, _ range: Range<Int>
  ) {
    check(range, in: values.count)
    unsafe values.withUnsafeMutableBufferPointer { values in
      let bytes = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(values)[
          range.lowerBound * MemoryLayout<Scalar>.stride..<range.upperBound
            * MemoryLayout<Scalar>.stride])
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  /// Sets all elements to a value.
  package static func fill(_ matrix: inout Matrix<Scalar>, with value: Scalar) {
    let range = 0..<matrix.elementCount
    unsafe matrix.storage.withUnsafeMutableBufferPointer {
      unsafe $0[range].update(repeating: value)
    }
  }

  /// `target[i] = target[i] * targetScale + source[i] * sourceScale` over a range of both.
  package func combine(
    _ target: inout [Scalar], scaledBy targetScale: Double = 1, _ source: [Scalar],
    scaledBy sourceScale: Double = 1, in range: Range<Int>
  ) {
    Self.check(range, in: min(target.count, source.count))
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe source.withUnsafeBufferPointer { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        unsafe functions.combine(
          to + range.lowerBound, targetScale, from + range.lowerBound, sourceScale, range.count)
      }
    }
  }

  /// The sum of squares of a range of elements, in double precision.
  package func sumOfSquares(
    _ values: some ContiguousElements<Scalar>, _ range: Range<Int>
  ) -> Double {
    Self.check(range, in: values.count)
    return unsafe values.withUnsafeBufferPointer {
      guard let start = $0.baseAddress else { return 0 }
      return unsafe functions.sumOfSquares(start + range.lowerBound, range.count)
    }
  }

  /// Replaces every element by its hyperbolic tangent, as the cells compute it.
  package func tanh(_ values: inout [Scalar]) {
    activate(&values, 0..<values.count, .tanh)
  }

  /// Replaces every element by its logistic sigmoid, as the cells compute it.
  package func sigmoid(_ values: inout [Scalar]) {
    activate(&values, 0..<values.count, .sigmoid)
  }

  private func activate(
    _ values: inout some ContiguousElements<Scalar>, _ range: Range<Int>, _ activation: Activation
  ) {
    unsafe values.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      unsafe functions.activate(start + range.lowerBound, range.count, activation.kernelName)
    }
  }

  /// Replaces every element of a matrix by what an activation makes of it.
  package func activate(_ matrix: inout Matrix<Scalar>, _ activation: Activation) {
    activate(&matrix.storage, 0..<matrix.elementCount, activation)
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
    unsafe gradient.storage.withUnsafeMutableBufferPointer { gradient in
      unsafe outputs.storage.withUnsafeBufferPointer { outputs in
        guard let to = gradient.baseAddress, let from = outputs.baseAddress else { return }
        unsafe functions.activateBackward(to, from, count, activation.kernelName)
      }
    }
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
