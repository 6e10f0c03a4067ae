/// The type of a tensor's elements; the raw value is its name in files.
///
/// Tensors of some types are found and measured, but not read as numbers: a file that holds one is not
/// refused for it.
public enum TensorElementType: String, CaseIterable, Sendable {
  /// IEEE 754 binary64, a `Double`.
  case float64 = "F64"
  /// IEEE 754 binary32, a `Float`.
  case float32 = "F32"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a `Float`.
  case brainFloat16 = "BF16"
  /// 4 bits of exponent and 3 of mantissa, which are passed over.
  case float8E4M3 = "F8_E4M3"
  /// 5 bits of exponent and 2 of mantissa, which are passed over.
  case float8E5M2 = "F8_E5M2"
  /// A signed number of 64 bits.
  case integer64 = "I64"
  /// A signed number of 32 bits.
  case integer32 = "I32"
  /// A signed number of 16 bits, which is passed over.
  case integer16 = "I16"
  /// A signed number of 8 bits.
  case integer8 = "I8"
  /// A number of 64 bits without sign, which is passed over.
  case unsigned64 = "U64"
  /// A number of 32 bits without sign.
  case unsigned32 = "U32"
  /// A number of 16 bits without sign, which is passed over.
  case unsigned16 = "U16"
  /// A byte.
  case unsigned8 = "U8"
  /// A byte that is 0 or 1, which is passed over.
  case boolean = "BOOL"

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .integer64, .unsigned64: 8
    case .float32, .integer32, .unsigned32: 4
    case .float16, .brainFloat16, .integer16, .unsigned16: 2
    case .float8E4M3, .float8E5M2, .integer8, .unsigned8, .boolean: 1
    }
  }

  /// All names, for messages.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
