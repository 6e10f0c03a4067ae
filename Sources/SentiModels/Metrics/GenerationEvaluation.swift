/// How well texts that a model wrote fit what people wrote.
///
///     var evaluation = GenerationEvaluation()
///     evaluation.add("a dog runs", references: ["the dog runs", "a dog is running"])
///     print(evaluation.table())
///
/// BLEU and chrF are sacreBLEU's. CIDEr-D and ROUGE-L are the COCO captioning tools', on words that
/// are lower-cased and cut by mteval-v13a's rules instead of the Penn Treebank's, marks left out.
public struct GenerationEvaluation: Sendable {
  /// The number of texts.
  public private(set) var textCount = 0
  /// How many of them are a reference to the letter.
  public private(set) var exactCount = 0
  /// The shares of runs of words.
  public private(set) var bleu: BLEU
  /// The F score of characters.
  public private(set) var chrF: ChrF
  /// The F score of common subsequences.
  public private(set) var rougeL = RougeL()
  /// The likeness in rare runs of words.
  public private(set) var cider = CIDEr()

  /// Starts without texts.
  ///
  /// - Parameters:
  ///   - tokenization: How BLEU cuts words.
  ///   - isLowercased: Whether BLEU and chrF lower-case all texts.
  public init(tokenization: MetricTokenization = .mteval13a, isLowercased: Bool = false) {
    bleu = BLEU(tokenization: tokenization, isLowercased: isLowercased)
    chrF = ChrF(isLowercased: isLowercased)
  }

  /// Adds a text.
  ///
  /// - Parameters:
  ///   - text: What the model wrote.
  ///   - references: What people wrote.
  /// - Precondition: There is a reference.
  public mutating func add(_ text: String, references: [String]) {
    textCount += 1
    let bytes = Array(text.utf8)
    if references.contains(where: { Array($0.utf8) == bytes }) { exactCount += 1 }
    bleu.add(text, references: references)
    chrF.add(text, references: references)
    let (words, others) = (Self.words(of: text), references.map(Self.words))
    rougeL.add(words, references: others)
    cider.add(words, references: others)
  }

  /// All figures with the names that they have in reports.
  public var figures: [(name: String, value: Double)] {
    (1...BLEU.maximumOrder).map { ("BLEU-\($0)", bleu.score(order: $0)) } + [
      ("brevity penalty", bleu.brevityPenalty), ("chrF", chrF.score),
      ("ROUGE-L", 100 * rougeL.score), ("CIDEr-D", 100 * cider.score),
      ("exact", textCount == 0 ? 0 : 100 * Double(exactCount) / Double(textCount)),
    ]
  }

  /// Lays the figures out as text in columns, for people.
  ///
  /// - Returns: Lines with a line feed at the end of each.
  public func table() -> String {
    let rows =
      [["texts", "\(textCount)"]] + figures.map { [$0.name, decimal($0.value, digits: 2)] }
    return aligned(rows) + "\n\(bleu.signature)\n"
  }

  private static func words(of text: String) -> [String] {
    MetricTokenization.mteval13a.words(of: text.lowercased()).filter { word in
      word.unicodeScalars.contains {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
    }
  }
}
