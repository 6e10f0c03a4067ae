/// Clipping of gradients by their global norm.
///
/// - SeeAlso: Pascanu et al. 2013, <https://arxiv.org/abs/1211.5063>.
public enum GradientClipping {
  /// What gradients are multiplied by so that their norm does not exceed a limit.
  ///
  /// - Parameters:
  ///   - norm: The norm of all gradients together.
  ///   - limit: The greatest norm allowed; nil: any.
  /// - Returns: A factor in (0, 1].
  public static func scale(norm: Double, limit: Double?) -> Double {
    guard let limit, norm > limit else { return 1 }
    return limit / norm
  }
}
