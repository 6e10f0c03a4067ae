internal import Glibc

/// The share of a text's runs of words that references have too, in percent, as sacreBLEU counts it.
///
///     var bleu = BLEU()
///     bleu.add("a dog runs", references: ["the dog runs", "a dog is running"])
///     print(bleu.score(), bleu.signature)
///
/// Segments are added one by one; the score is that of all of them, and of a sentence where there is
/// one.
///
/// - SeeAlso: Papineni et al. 2002, <https://doi.org/10.3115/1073083.1073135>; Post 2018,
///   <https://arxiv.org/abs/1804.08771>.
public struct BLEU: Sendable {
  /// What is counted for lengths of which no run matches; Chen and Cherry 2014,
  /// <https://doi.org/10.3115/v1/W14-3346>.
  public enum Smoothing: Hashable, Sendable {
    /// Nothing: the score is 0.
    case none
    /// A number of matches, such as 0.1.
    case floor(Double)
    /// A number that is added to matches and totals from the second length on, such as 1.
    case add(Double)
    /// A half match, then a quarter, an eighth: NIST's and sacreBLEU's way.
    case exponential
  }

  /// The greatest length of runs that is counted.
  public static let maximumOrder = 4

  /// How texts are cut into words.
  public let tokenization: MetricTokenization
  /// Whether texts are lower-cased.
  public let isLowercased: Bool
  /// What is counted where no run matches.
  public let smoothing: Smoothing
  /// Whether lengths are left out for which the text has no run, as is wise for single sentences.
  public let usesEffectiveOrder: Bool

  /// The number of words that were added.
  public private(set) var hypothesisLength = 0
  /// The number of words of the references that are closest in length.
  public private(set) var referenceLength = 0
  private var matches = [Int](repeating: 0, count: maximumOrder)
  private var totals = [Int](repeating: 0, count: maximumOrder)
  private var referenceCounts: Set<Int> = []

  /// Makes a metric without segments; the defaults are sacreBLEU's.
  public init(
    tokenization: MetricTokenization = .mteval13a, isLowercased: Bool = false,
    smoothing: Smoothing = .exponential, usesEffectiveOrder: Bool = false
  ) {
    self.tokenization = tokenization
    self.isLowercased = isLowercased
    self.smoothing = smoothing
    self.usesEffectiveOrder = usesEffectiveOrder
  }

  /// Adds a segment.
  ///
  /// - Parameters:
  ///   - hypothesis: The text to judge.
  ///   - references: What people wrote.
  /// - Precondition: There is a reference.
  public mutating func add(_ hypothesis: String, references: [String]) {
    precondition(!references.isEmpty, "0 references")
    var numbers = WordNumbers()
    func words(_ text: String) -> [UInt32] {
      numbers.numbers(of: tokenization.words(of: isLowercased ? text.lowercased() : text))
    }
    let (found, expected) = (words(hypothesis), references.map(words))
    var limits = NGramCounts([], maximumLength: Self.maximumOrder)
    for words in expected {
      limits.formMaximum(NGramCounts(words, maximumLength: Self.maximumOrder))
    }
    let counts = NGramCounts(found, maximumLength: Self.maximumOrder)
    for length in 1...Self.maximumOrder {
      matches[length - 1] += counts.matches(ofLength: length, in: limits)
      totals[length - 1] += max(0, found.count - length + 1)
    }
    hypothesisLength += found.count
    let closest = expected.map(\.count).min {
      (abs($0 - found.count), $0) < (abs($1 - found.count), $1)
    }
    referenceLength += closest ?? 0
    referenceCounts.insert(references.count)
  }

  /// The factor for texts that are shorter than the references.
  public var brevityPenalty: Double {
    guard hypothesisLength < referenceLength else { return 1 }
    return hypothesisLength == 0
      ? 0 : exp(1 - Double(referenceLength) / Double(hypothesisLength))
  }

  /// The score in percent.
  ///
  /// - Parameter order: The greatest length of runs that counts, from 1 to 4; BLEU-4 unless given.
  /// - Returns: The score of all segments together; 0 where no word matches.
  public func score(order: Int = maximumOrder) -> Double {
    precondition((1...Self.maximumOrder).contains(order), "order \(order)")
    guard matches.prefix(order).contains(where: { $0 > 0 }) else { return 0 }
    var (logarithms, effectiveOrder, halving) = (0.0, order, 1.0)
    for index in 0..<order {
      var (match, total) = (Double(matches[index]), Double(totals[index]))
      if case .add(let extra) = smoothing, index > 0 {
        (match, total) = (match + extra, total + extra)
      }
      if total == 0 {
        // Without the effective order, lengths that no text has make the score 0.
        if !usesEffectiveOrder { return 0 }
        break
      }
      if usesEffectiveOrder { effectiveOrder = index + 1 }
      if match == 0 {
        switch smoothing {
        case .exponential:
          halving *= 2
          match = 1 / halving
        case .floor(let least): match = least
        case .none, .add: return 0
        }
      }
      logarithms += log(100 * match / total)
    }
    return brevityPenalty * exp(logarithms / Double(effectiveOrder))
  }

  /// The share of runs of each length that match, in percent, without smoothing.
  public var precisions: [Double] {
    zip(matches, totals).map { $1 == 0 ? 0 : 100 * Double($0) / Double($1) }
  }

  /// How the score was made, in the form of sacreBLEU's signatures.
  public var signature: String {
    let smoothing =
      switch self.smoothing {
      case .none: "none"
      case .exponential: "exp"
      case .floor(let value): "floor[\(decimal(value, digits: 2))]"
      case .add(let value): "add-k[\(decimal(value, digits: 2))]"
      }
    let count = referenceCounts.count > 1 ? "var" : "\(referenceCounts.first ?? 0)"
    return "nrefs:\(count)|case:\(isLowercased ? "lc" : "mixed")"
      + "|eff:\(usesEffectiveOrder ? "yes" : "no")|tok:\(tokenization.rawValue)"
      + "|smooth:\(smoothing)|version:senti"
  }
}
