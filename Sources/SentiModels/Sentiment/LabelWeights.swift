/// What the loss of a label's texts is multiplied by, where some labels are rare or matter more.
public enum LabelWeights: Hashable, Codable, Sendable, CustomStringConvertible {
  /// N / (C·n) for a label of n of all N texts, with C labels: all labels weigh the same in sum.
  case balanced
  /// Weights of labels; those that are not there have 1.
  case given([String: Double])

  /// `balanced`, or labels and weights as the command line takes them.
  public var description: String {
    switch self {
    case .balanced: "balanced"
    case .given(let weights):
      weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
  }

  /// The weight of each class.
  ///
  /// - Parameters:
  ///   - labels: The labels, in the order of the classes.
  ///   - classes: The class of each text.
  /// - Returns: One weight a class.
  func weights(_ labels: [String], _ classes: [Int]) -> [Double] {
    switch self {
    case .balanced:
      let counts = labels.indices.map { label in classes.count { $0 == label } }
      return counts.map { Double(classes.count) / Double(labels.count * max(1, $0)) }
    case .given(let weights):
      precondition(
        Set(weights.keys).isSubset(of: labels)
          && weights.values.allSatisfy { $0 > 0 && $0.isFinite },
        "weights \(weights) of labels \(labels)")
      return labels.map { weights[$0] ?? 1 }
    }
  }
}
