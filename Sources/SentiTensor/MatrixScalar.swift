internal import CSentiKernels

/// An element type that the kernels compute in: `Float` for work, `Double` for proofs.
///
/// The shipped code is generic over it, so that the gradient checks in `Double` run the very code
/// that trains in `Float`.
public protocol MatrixScalar: BinaryFloatingPoint, ArchiveScalar {
  /// The kernels' name for this type; a customization point of ``Kernels``.
  static var kernelScalar: KernelScalar { get }
}

/// The element types that the kernels are compiled for.
public enum KernelScalar: Sendable {
  /// IEEE single precision.
  case float32
  /// IEEE double precision.
  case float64
}

extension Float: MatrixScalar {
  /// Single precision.
  public static var kernelScalar: KernelScalar { .float32 }
}

extension Double: MatrixScalar {
  /// Double precision.
  public static var kernelScalar: KernelScalar { .float64 }
}
