/// A type of number whose arrays an archive can hold.
///
/// `Float` and `Double` are stored in any of the floating-point types, and read from any of them;
/// a conversion to fewer bits rounds to the nearest value, and to the even one of two that are
/// equally near. Whole numbers are stored and read in their own type only.
public protocol ArchiveScalar: BitwiseCopyable, Sendable {
  /// The type that holds every value as it is.
  static var elementType: TensorElementType { get }

  /// Reads values from bytes.
  ///
  /// - Parameters:
  ///   - bytes: Values in little-endian order, whole ones only.
  ///   - storedType: The type of the values in `bytes`.
  /// - Returns: The values, or `nil` where the stored type is not converted.
  /// - Complexity: O(`bytes.byteCount`), with one allocation.
  static func decode(_ bytes: RawSpan, as storedType: TensorElementType) -> [Self]?

  /// Makes the bytes that hold values.
  ///
  /// - Parameters:
  ///   - values: The values to store.
  ///   - storedType: The type to store them in.
  /// - Returns: The bytes, or `nil` where there is no conversion to the stored type.
  /// - Complexity: O(`values.count`), with one allocation.
  static func encode(
    _ values: Span<Self>, as storedType: TensorElementType
  ) -> [UInt8]?
}

extension Float: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .float32 }

  /// The values that `bytes` hold in a floating-point type, or `nil` for another type.
  public static func decode(
    _ bytes: RawSpan, as storedType: TensorElementType
  ) -> [Float]? {
    switch storedType {
    case .float64: bytes.map { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: bytes.map { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: bytes.map { (bits: UInt16) in Float(float16Bits: bits) }
    case .brainFloat16: bytes.map { (bits: UInt16) in Float(brainFloat16Bits: bits) }
    default: nil
    }
  }

  /// The bytes that hold `values` in a floating-point type, or `nil` for another type.
  public static func encode(
    _ values: Span<Float>, as storedType: TensorElementType
  ) -> [UInt8]? {
    switch storedType {
    case .float64: [UInt8](values) { Double($0).bitPattern }
    case .float32: [UInt8](values) { $0.bitPattern }
    case .float16: [UInt8](values) { Float16($0).bitPattern }
    case .brainFloat16: [UInt8](values) { $0.brainFloat16Bits }
    default: nil
    }
  }
}

extension Double: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .float64 }

  /// The values that `bytes` hold in a floating-point type, or `nil` for another type.
  public static func decode(
    _ bytes: RawSpan, as storedType: TensorElementType
  ) -> [Double]? {
    switch storedType {
    case .float64: bytes.map { (bits: UInt64) in Double(bitPattern: bits) }
    case .float32: bytes.map { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case .float16: bytes.map { (bits: UInt16) in Double(Float(float16Bits: bits)) }
    case .brainFloat16: bytes.map { (bits: UInt16) in Double(Float(brainFloat16Bits: bits)) }
    default: nil
    }
  }

  /// The bytes that hold `values` in a floating-point type, or `nil` for another type.
  public static func encode(
    _ values: Span<Double>, as storedType: TensorElementType
  ) -> [UInt8]? {
    switch storedType {
    case .float64: [UInt8](values) { $0.bitPattern }
    case .float32: [UInt8](values) { Float($0).bitPattern }
    case .float16: [UInt8](values) { Float16($0).bitPattern }
    case .brainFloat16: [UInt8](values) { Float(roundingToOdd: $0).brainFloat16Bits }
    default: nil
    }
  }
}

extension ArchiveScalar where Self: FixedWidthInteger {
  /// The values that `bytes` hold, or `nil` where they are stored in another type.
  public static func decode(
    _ bytes: RawSpan, as storedType: TensorElementType
  ) -> [Self]? {
    storedType == elementType ? bytes.map { (value: Self) in value } : nil
  }

  /// The bytes that hold `values`, or `nil` where they are to be stored in another type.
  public static func encode(
    _ values: Span<Self>, as storedType: TensorElementType
  ) -> [UInt8]? {
    storedType == elementType ? [UInt8](values) { $0 } : nil
  }
}

extension UInt8: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .unsigned8 }
}

extension Int8: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .integer8 }
}

extension Int32: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .integer32 }
}

extension UInt32: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .unsigned32 }
}

extension Int64: ArchiveScalar {
  /// The type that holds every value as it is.
  public static var elementType: TensorElementType { .integer64 }
}
