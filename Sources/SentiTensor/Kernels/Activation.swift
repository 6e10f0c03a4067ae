internal import CSentiKernels

/// A nonlinearity, of a simple recurrent cell or element by element.
public enum Activation: String, CaseIterable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// x above zero, exp(x) - 1 below: Clevert et al. 2016, <https://arxiv.org/abs/1511.07289>.
  case elu
  /// x above zero, x / 100 below: Maas et al. 2013, with PyTorch's default slope.
  case leakyReLU = "leaky-relu"
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// x / 6 + 1 / 2, cut to [0, 1], as in PyTorch.
  case hardSigmoid = "hard-sigmoid"
  /// x / (1 + |x|): Bergstra et al. 2009.
  case softsign

  var cValue: CSentiKernels_Activation {
    switch self {
    case .tanh: CSentiKernels_tanh
    case .relu: CSentiKernels_relu
    case .elu: CSentiKernels_elu
    case .leakyReLU: CSentiKernels_leakyRelu
    case .sigmoid: CSentiKernels_sigmoid
    case .hardSigmoid: CSentiKernels_hardSigmoid
    case .softsign: CSentiKernels_softsign
    }
  }
}
