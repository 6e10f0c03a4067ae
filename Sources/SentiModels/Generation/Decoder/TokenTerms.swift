package import SentiTensor

/// What a decoder makes of tokens alone, a row for each.
package struct TokenTerms: Sendable {
  /// The input part of the lowest layer's gates, `[D, G·H]`; no columns where it depends on more.
  let gates: Matrix<Float>
  /// The part of the readout, `[D, E]`.
  let readout: Matrix<Float>

  /// Collects terms.
  package init(gates: Matrix<Float>, readout: Matrix<Float>) {
    self.gates = gates
    self.readout = readout
  }
}
