/// The bytes of a `.npy` file, written as NumPy's format asks, with every part open to change.
///
/// - Parameters:
///   - values: The elements, written as little-endian numbers of 16 bits for `<f2`, else of 32.
///   - shape: The sizes as Python prints them.
///   - type: NumPy's name of the element type.
///   - order: What stands behind `fortran_order`.
///   - version: The format's version: 1 has two bytes for the header's length, 2 has four.
/// - Returns: The bytes.
public func numPyBytes(
  _ values: [Float], shape: String, type: String = "'<f4'", order: String = "False",
  version: UInt8 = 1
) -> [UInt8] {
  var header = "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }"
  let start = version == 1 ? 10 : 12
  header += String(repeating: " ", count: 64 - (start + header.utf8.count + 1) % 64) + "\n"
  let length = header.utf8.count
  var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
  bytes += [UInt8(length & 0xFF), UInt8(length >> 8)] + (version == 1 ? [] : [0, 0])
  bytes += Array(header.utf8)
  let isHalf = type == "'<f2'"
  for value in values {
    let pattern = isHalf ? UInt32(Float16(value).bitPattern) : value.bitPattern
    bytes += (0..<(isHalf ? 2 : 4)).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
  }
  return bytes
}
