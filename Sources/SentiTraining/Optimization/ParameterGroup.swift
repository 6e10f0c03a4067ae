import Glibc
internal import SentiTensor

/// How the parameters of some names learn: at which share of the rate, and from which epoch on.
///
///     ParameterGroup("embedding.", isFrozen: true)
///     ParameterGroup("encoder.*_l0", rateFactor: 1 / 2.6)
///
/// A parameter follows the last group that its name matches; one that matches none learns at the full
/// rate. Frozen parameters cost little: the sums over time that their gradients would be are left out, and
/// the norm, the optimizer and the average never look at them.
///
/// Running statistics of batch normalization, which have no gradient, move with every batch whatever
/// group they are in: freezing a layer does not stop them, nor does PyTorch's `requires_grad`.
public struct ParameterGroup: Hashable, Codable, Sendable {
  /// What a name must begin with; `*` stands for any characters.
  public var pattern: String

  /// What the learning rate is multiplied by.
  public var rateFactor: Double

  /// The first epoch in which the parameters learn, counted from 0; nil: they are frozen for good.
  public var firstEpoch: Int?

  /// Names a group.
  ///
  /// - Parameters:
  ///   - pattern: What a name must begin with; `*` stands for any characters.
  ///   - rateFactor: What the learning rate is multiplied by.
  ///   - firstEpoch: The first epoch in which the parameters learn, counted from 0.
  ///   - isFrozen: Whether they never do.
  public init(
    _ pattern: String, rateFactor: Double = 1, firstEpoch: Int = 0, isFrozen: Bool = false
  ) {
    self.pattern = pattern
    self.rateFactor = rateFactor
    self.firstEpoch = isFrozen ? nil : firstEpoch
  }

  /// Groups for the layers of a net that was trained before.
  ///
  /// With discriminative rates each layer learns at the rate of the one above divided by `divisor`;
  /// with gradual unfreezing the uppermost layer learns from the first epoch on, and each epoch one
  /// layer more.
  ///
  /// - Parameters:
  ///   - patterns: The layers' names, lowest layer first.
  ///   - divisor: What the rate is divided by from layer to layer; 1: all learn alike. 2.6 is the
  ///     paper's.
  ///   - isGradual: Whether layers are unfrozen one by one.
  /// - Returns: One group for each layer.
  /// - SeeAlso: Howard and Ruder 2018, <https://arxiv.org/abs/1801.06146>.
  public static func layers(
    _ patterns: [String], divisor: Double = 2.6, isGradual: Bool = false
  ) -> [ParameterGroup] {
    patterns.enumerated().map { index, pattern in
      let depth = patterns.count - 1 - index
      return ParameterGroup(
        pattern, rateFactor: pow(divisor, -Double(depth)), firstEpoch: isGradual ? depth : 0)
    }
  }

  /// Whether a parameter of that name belongs to the group.
  ///
  /// - Parameter name: A parameter's name.
  /// - Returns: Whether the name begins with the pattern.
  public func matches(_ name: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, name.hasPrefix(first) else { return false }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}

extension ParameterGroup: CustomStringConvertible {
  /// The pattern and what is special about the group, for people.
  public var description: String {
    guard let firstEpoch else { return "\(pattern) frozen" }
    return pattern + (rateFactor == 1 ? "" : " rate x \(rateFactor)")
      + (firstEpoch == 0 ? "" : " from epoch \(firstEpoch + 1)")
  }
}

extension [ParameterGroup] {
  /// For each parameter what the rate is multiplied by in an epoch; nil where it is frozen.
  func rateFactors(_ layout: ParameterLayout, epoch: Int) -> [Double?] {
    layout.slots.map { slot in
      guard let group = last(where: { $0.matches(slot.name) }) else { return 1 }
      guard let first = group.firstEpoch, epoch >= first else { return nil }
      return group.rateFactor
    }
  }
}
