internal import CSentiKernels

/// A processor's vector instructions that the kernels are compiled for.
public enum InstructionSet: String, CaseIterable, Comparable, Sendable {
  /// The compiler's baseline: SSE2 on x86-64, NEON on arm64, scalar code elsewhere.
  case plain
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512
  /// AVX-512 with dot products of bytes.
  case avx512VNNI = "avx512-vnni"
  /// AVX-512 with dot products of bytes and of bfloat16 numbers.
  case avx512BF16 = "avx512-bf16"

  /// The fastest that this machine has.
  public static var best: InstructionSet {
    InstructionSet(CSentiKernels_bestInstructionSet())
  }

  /// Whether one is slower than the other.
  ///
  /// - Parameters:
  ///   - left: An instruction set.
  ///   - right: Another one.
  /// - Returns: Whether the left one is slower.
  public static func < (left: InstructionSet, right: InstructionSet) -> Bool {
    left.cValue.rawValue < right.cValue.rawValue
  }

  private init(_ name: CSentiKernels_InstructionSet) {
    switch name {
    case CSentiKernels_avx512bf16: self = .avx512BF16
    case CSentiKernels_avx512vnni: self = .avx512VNNI
    case CSentiKernels_avx512: self = .avx512
    case CSentiKernels_avx2: self = .avx2
    default: self = .plain
    }
  }

  var cValue: CSentiKernels_InstructionSet {
    switch self {
    case .plain: CSentiKernels_plain
    case .avx2: CSentiKernels_avx2
    case .avx512: CSentiKernels_avx512
    case .avx512VNNI: CSentiKernels_avx512vnni
    case .avx512BF16: CSentiKernels_avx512bf16
    }
  }
}

/// How a packed weight matrix, and the rows that it multiplies, are rounded.
///
/// Sums of products stay in single precision, or are exact whole numbers, so a result has the same
/// bits in any batch in every precision. Rounding costs accuracy and saves time and memory, for
/// scoring only: gradients need full precision.
public enum WeightPrecision: String, CaseIterable, Codable, Sendable {
  /// The element type's own.
  case full
  /// 16-bit numbers with 8 bits of precision and the range of single precision.
  case bfloat16
  /// 8-bit integers, -127 to 127: weights with a scale for each output, rows with a scale each.
  case integer8 = "int8"

  var cValue: CSentiKernels_Precision {
    switch self {
    case .full: CSentiKernels_full
    case .bfloat16: CSentiKernels_bfloat16
    case .integer8: CSentiKernels_integer8
    }
  }
}

extension KernelScalar {
  var cValue: CSentiKernels_Scalar {
    switch self {
    case .float32: CSentiKernels_float32
    case .float64: CSentiKernels_float64
    }
  }
}
