internal import CSentiKernels

/// A processor's vector instructions that the kernels are compiled for.
public enum InstructionSet: String, CaseIterable, Comparable, Sendable {
  /// The compiler's baseline: SSE2 on x86-64, NEON on arm64, scalar code elsewhere.
  case plain
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

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
    left.kernelName.rawValue < right.kernelName.rawValue
  }

  private init(_ name: CSentiKernels_InstructionSet) {
    switch name {
    case CSentiKernels_avx512: self = .avx512
    case CSentiKernels_avx2: self = .avx2
    default: self = .plain
    }
  }

  var kernelName: CSentiKernels_InstructionSet {
    switch self {
    case .plain: CSentiKernels_plain
    case .avx2: CSentiKernels_avx2
    case .avx512: CSentiKernels_avx512
    }
  }
}

extension KernelScalar {
  var kernelName: CSentiKernels_Scalar {
    switch self {
    case .float32: CSentiKernels_float32
    case .float64: CSentiKernels_float64
    }
  }
}
