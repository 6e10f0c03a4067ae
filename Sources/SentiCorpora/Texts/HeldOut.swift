/// Texts parted in two: those to learn from, and those to be judged by.
public struct HeldOut: Hashable, Sendable {
  /// How much to hold out.
  public enum Size: Hashable, Sendable {
    /// A share of the texts, from 0 to 1.
    case share(Double)
    /// A number of texts.
    case count(Int)
  }

  /// The texts to learn from, in their old order.
  public let training: [LabelledText]
  /// The texts held out, in their old order.
  public let validation: [LabelledText]

  /// Parts texts by lot.
  ///
  /// Each label gives up the same share. Texts that are equal, even if only after normalization
  /// (Swift's `==`), stay together, so none is on both sides. Groups are drawn until the number is
  /// met; one that would overshoot is passed over, so duplicates can leave a label a few texts
  /// short. The same texts and generator give the same parts.
  ///
  /// - Parameters:
  ///   - texts: The texts to part.
  ///   - size: How much to hold out.
  ///   - generator: The source of chance.
  /// - Precondition: A share lies in 0...1, a count in `0...texts.count`.
  /// - Complexity: O(n log n) for n texts, and one hash of each text.
  public init(
    _ texts: [LabelledText], size: Size, using generator: inout some RandomNumberGenerator
  ) {
    let classes = Self.groupsByLabel(texts)
    let quotas = Self.quotas(
      sizes: classes.map { $0.reduce(0) { $0 + $1.count } },
      total: Self.count(size, of: texts.count))
    var isHeldOut = [Bool](repeating: false, count: texts.count)
    for (groups, quota) in zip(classes, quotas) {
      var left = quota
      for group in groups.shuffled(using: &generator) where group.count <= left {
        left -= group.count
        for index in group { isHeldOut[index] = true }
      }
    }
    training = zip(texts, isHeldOut).filter { !$1 }.map(\.0)
    validation = zip(texts, isHeldOut).filter(\.1).map(\.0)
  }

  /// Turns a size into a number of texts.
  private static func count(_ size: Size, of total: Int) -> Int {
    switch size {
    case .share(let share):
      precondition((0...1).contains(share), "expected a share in 0...1, found \(share)")
      return Int((share * Double(total)).rounded())
    case .count(let count):
      precondition((0...total).contains(count), "expected a count in 0...\(total), found \(count)")
      return count
    }
  }

  /// Collects the indices of equal texts, and sorts these groups by the label of their first.
  private static func groupsByLabel(_ texts: [LabelledText]) -> [[[Int]]] {
    var groups: [[Int]] = []
    var groupOfText: [String: Int] = [:]
    for (index, text) in texts.enumerated() {
      let group = groupOfText[text.text, default: groups.count]
      if group == groups.count {
        groupOfText[text.text] = group
        groups.append([])
      }
      groups[group].append(index)
    }
    let labelled = Dictionary(grouping: groups) { texts[$0[0]].label ?? "" }
    return labelled.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
  }

  /// Shares out a total by the sizes of classes; the largest remainders are rounded up.
  private static func quotas(sizes: [Int], total: Int) -> [Int] {
    let sum = max(sizes.reduce(0, +), 1)
    var quotas = sizes.map { $0 * total / sum }
    let byRemainder = sizes.indices.sorted {
      (sizes[$1] * total % sum, $0) < (sizes[$0] * total % sum, $1)
    }
    for index in byRemainder.prefix(total - quotas.reduce(0, +)) { quotas[index] += 1 }
    return quotas
  }
}
