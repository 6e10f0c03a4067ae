/// An array in a `.npy` file, as NumPy's `save` writes it: floating-point, in C order.
///
///     let array = try NumPyArray(contentsOf: "features.npy")
///     let firstRow = array.values(0..<array.shape[1])
///
/// Only the header is read before values are asked for, so that an array may be larger than memory.
/// Where the file is written to meanwhile, reading throws. Many threads may use one array at once.
///
/// - SeeAlso: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
public struct NumPyArray: Sendable {
  /// The path that the array was opened with.
  public let path: String
  /// The sizes, outermost first.
  public let shape: [Int]
  /// The type of the elements: `float16`, `float32` or `float64`.
  public let elementType: SafetensorsArchive.ElementType
  private let file: RandomAccessFile
  private let start: Int

  /// The number of elements, the product of `shape`.
  public let elementCount: Int

  /// Opens a file and checks its header and its length.
  ///
  /// - Parameter path: The path of a `.npy` file.
  /// - Throws: `ArchiveError.cannotRead` when there is no file, `.notNumPy` when it is of another
  ///   format, `.truncated` when it is cut short, `.unexpectedTensor` for other elements or orders.
  public init(contentsOf path: String) throws(ArchiveError) {
    let file = try RandomAccessFile(path: path)
    let (header, start) = try Self.header(of: file, path: path)
    guard let text = header.text("descr"), let shape = header.shape else {
      throw .notNumPy(path: path, reason: "its header cannot be read")
    }
    guard let elementType = Self.elementTypes[text] else {
      throw .unexpectedTensor(
        path: path, tensor: "array", expected: "one of \(Self.elementTypes.keys.sorted())",
        found: text)
    }
    guard header.value("fortran_order")?.hasPrefix("False") == true else {
      throw .unexpectedTensor(
        path: path, tensor: "array", expected: "C order",
        found: "Fortran order; numpy.ascontiguousarray makes the other of it")
    }
    var (elementCount, overflows) = (1, false)
    for size in shape where !overflows {
      (elementCount, overflows) = elementCount.multipliedReportingOverflow(by: size)
    }
    let end = elementCount.multipliedReportingOverflow(by: elementType.byteCount)
    guard !overflows, !end.overflow, end.partialValue <= Int.max - start else {
      throw .notNumPy(path: path, reason: "its shape \(shape) is too large")
    }
    guard file.count >= start + end.partialValue else {
      throw .truncated(
        path: path, expectedByteCount: start + end.partialValue, foundByteCount: file.count)
    }
    self.path = path
    self.shape = shape
    self.elementType = elementType
    self.file = file
    self.start = start
    self.elementCount = elementCount
  }

  /// Reads elements.
  ///
  /// - Parameter range: Which, counted from 0 in C order.
  /// - Returns: The elements, rounded where a `Float` has fewer bits.
  /// - Throws: `ArchiveError.truncated` or `.changed` when the file was written to since it was opened,
  ///   `.cannotRead` when the system fails.
  /// - Precondition: `range` lies within `elementCount`.
  /// - Complexity: O(elements), with two allocations.
  public func values(_ range: Range<Int>) throws(ArchiveError) -> [Float] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= elementCount, "\(range) of \(elementCount)")
    let width = elementType.byteCount
    let bytes = start + range.lowerBound * width..<start + range.upperBound * width
    return try file.bytes(bytes).withBytes { Float.decode($0, as: elementType) } ?? []
  }

  /// NumPy's names for the types that are read, in little-endian order.
  private static let elementTypes: [String: SafetensorsArchive.ElementType] = [
    "<f2": .float16, "<f4": .float32, "<f8": .float64,
  ]

  /// The header, and where the elements begin.
  private static func header(
    of file: RandomAccessFile, path: String
  ) throws(ArchiveError) -> (header: Header, start: Int) {
    guard let range = try headerRange(of: file) else {
      throw .notNumPy(path: path, reason: "expected a header of NumPy's")
    }
    let literal = String(decoding: try file.bytes(range), as: UTF8.self)
    return (Header(literal: literal), range.upperBound)
  }

  /// Where the header lies, which the first bytes say; nil where they say something else.
  private static func headerRange(of file: RandomAccessFile) throws(ArchiveError) -> Range<Int>? {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard file.count >= 12 else { return nil }
    let opening = try file.bytes(0..<12)
    let version = opening[6]
    guard opening.starts(with: magic), (1...3).contains(version) else { return nil }
    let (start, length): (Int, Int) = opening.withBytes { bytes in
      version == 1
        ? (10, Int(bytes.value(at: 8) as UInt16)) : (12, Int(bytes.value(at: 8) as UInt32))
    }
    return start + length <= file.count ? start..<start + length : nil
  }

  /// The header's dictionary, as Python would print it.
  private struct Header {
    let literal: String

    /// What stands behind a key.
    func value(_ key: String) -> Substring? {
      literal.firstRange(of: "'\(key)':").map { literal[$0.upperBound...].drop { $0 == " " } }
    }

    /// The text behind a key.
    func text(_ key: String) -> String? {
      guard let value = value(key) else { return nil }
      guard value.first == "'" else { return String(value.prefix { $0 != "]" && $0 != "," }) }
      return String(value.dropFirst().prefix { $0 != "'" })
    }

    /// The sizes; nil where there is something else than whole numbers.
    var shape: [Int]? {
      guard let value = value("shape"), value.first == "(", let end = value.firstIndex(of: ")")
      else { return nil }
      let sizes = value[..<end].dropFirst().split(separator: ",").map { size in
        Int(size.filter { $0 != " " && $0 != "L" })
      }
      return sizes.allSatisfy { ($0 ?? -1) >= 0 } ? sizes.compactMap(\.self) : nil
    }
  }
}
