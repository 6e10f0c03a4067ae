extension SafetensorsArchive {
  /// The description of one tensor in a file.
  public struct Tensor: Equatable, Sendable {
    /// The name, unique in its file.
    public let name: String
    /// The type of the elements.
    public let elementType: ElementType
    /// The sizes, outermost first; empty for a single number.
    public let shape: [Int]
    /// Where the elements lie, in bytes from the start of the file.
    public let byteRange: Range<Int>

    /// The number of elements, the product of `shape`.
    public var elementCount: Int { byteRange.count / elementType.byteCount }
  }

  /// The type of a tensor's elements.
  public typealias ElementType = TensorElementType
}
