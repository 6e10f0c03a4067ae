import Glibc

extension SoftmaxCrossEntropy {
  /// The exponential, computed in double precision.
  static func exp(_ value: Scalar) -> Scalar { Scalar(Glibc.exp(Double(value))) }

  /// The natural logarithm, computed in double precision.
  static func log(_ value: Scalar) -> Scalar { Scalar(Glibc.log(Double(value))) }
}
