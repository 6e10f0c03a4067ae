extension Parameters<Float> {
  /// The parameters as they come back from a file that stores them in another type.
  ///
  /// - Parameter type: The stored type; 8-bit integers round the rows of matrices, and types of
  ///   more than 16 bits lose nothing. What is greater than the greatest number of 16 bits becomes that.
  /// - Returns: The rounded parameters.
  /// - Complexity: O(elements).
  public func rounded(to type: SafetensorsArchive.ElementType) -> Parameters {
    switch type {
    case .float16:
      Parameters(
        layout: layout,
        values: values.map { value in
          let rounded = Float(Float16(value))
          guard rounded.isInfinite && value.isFinite else { return rounded }
          return Float(value < 0 ? -Float16.greatestFiniteMagnitude : .greatestFiniteMagnitude)
        })
    case .brainFloat16:
      Parameters(
        layout: layout,
        values: values.map { value in
          let rounded = Float(brainFloat16Bits: value.brainFloat16Bits)
          guard rounded.isInfinite && value.isFinite else { return rounded }
          // The greatest such number has all bits of its mantissa set.
          return Float(brainFloat16Bits: value < 0 ? 0xFF7F : 0x7F7F)
        })
    case .integer8:
      Parameters(layout: layout) { slot in
        slot.shape.count == 2
          ? RoundedRows(self[slot], columnCount: slot.columnCount).elements : self[slot]
      }
    default: self
    }
  }
}
