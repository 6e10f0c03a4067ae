extension Parameters<Float> {
  /// The parameters as they come back from a file that stores them in another type.
  ///
  /// - Parameter type: The stored type; types that are not of 16 bits lose nothing.
  /// - Returns: The rounded parameters.
  /// - Complexity: O(elements).
  public func rounded(to type: SafetensorsArchive.ElementType) -> Parameters {
    switch type {
    case .float16: Parameters(layout: layout, values: values.map { Float(Float16($0)) })
    case .brainFloat16:
      Parameters(
        layout: layout, values: values.map { Float(brainFloat16Bits: $0.brainFloat16Bits) })
    default: self
    }
  }
}
