internal import SentiText

/// A page for a browser that shows what each word contributed to the answers for some texts.
///
/// It is one file of HTML that needs no script and loads nothing, which its Content-Security-Policy holds
/// it to. It follows the reader's choice of dark or light. Words are told apart by underlines too, not by
/// colour alone; their numbers are there for screen readers, and in a table.
public struct ExplanationPage: Sendable {
  /// The page's heading.
  public let title: String
  private var sections: [String] = []

  /// The most words of the table below a text.
  public static let tableLimit = 40

  /// Starts a page.
  ///
  /// - Parameter title: The page's heading.
  public init(title: String) { self.title = title }

  /// The number of texts on the page.
  public var count: Int { sections.count }

  /// Adds a text.
  ///
  /// - Parameters:
  ///   - name: What the text is called.
  ///   - explanation: The explanation of its answer.
  ///   - bytes: The text, in UTF-8.
  ///   - sentences: What the answer is without each of its sentences; empty: no table of them.
  /// - Precondition: The words' ranges are in the text.
  public mutating func add(
    _ name: String, _ explanation: SentimentExplanation, in bytes: [UInt8],
    sentences: [SentenceEffect] = []
  ) {
    let number = sections.count + 1
    let prediction = explanation.prediction
    sections.append(
      """
      <section aria-labelledby="text\(number)">
      <h2 id="text\(number)">\(shown(name.excerpt))</h2>
      <p><strong>\(shown(prediction.label))</strong>, probability \
      \(decimal(prediction.probability))</p>
      <div class="text" lang="" dir="auto">\(Self.text(explanation, bytes))</div>
      \(Self.sum(explanation))
      \(Self.words(explanation, bytes))
      \(sentences.isEmpty ? "" : Self.table(sentences, prediction.label, bytes))
      </section>
      """)
  }

  /// The page.
  public var html: String {
    HTMLPage(
      title: title,
      lead: """
        <p>A word with a <mark class="f3">solid line</mark> speaks for the answer, one with a \
        <mark class="a3">dashed line</mark> against it; the darker, the more. What the words contribute \
        and the baseline, which is the answer for a text of as many unknown words, sum to the log-odds \
        of the answer, ln(p / (1 - p)).</p>
        """, sections: sections
    ).html
  }

  // MARK: Words

  private static func text(_ explanation: SentimentExplanation, _ bytes: [UInt8]) -> String {
    let marks = zip(explanation.words, explanation.levels).map { word, level in
      MarkedText.Mark(
        byteRange: word.byteRange, contribution: word.contribution, level: level)
    }
    return MarkedText(bytes: bytes, marks: marks).html
  }

  private static func sum(_ explanation: SentimentExplanation) -> String {
    """
    <p class="sum">log-odds \(signed(explanation.difference)) = baseline \
    \(signed(explanation.baseline)) + words \(signed(explanation.sum)) + gap \
    \(signed(explanation.gap, digits: 3)), in \(explanation.stepCount) step\(explanation.stepCount == 1 ? "" : "s")</p>
    """
  }

  /// A table of the words that contribute most.
  private static func words(_ explanation: SentimentExplanation, _ bytes: [UInt8]) -> String {
    let ranked = explanation.words.filter { $0.contribution != 0 }.sorted {
      ($1.contribution.magnitude, $0.byteRange.lowerBound)
        < ($0.contribution.magnitude, $1.byteRange.lowerBound)
    }
    guard !ranked.isEmpty else { return "<p>The model knows none of the words.</p>" }
    var table = HTMLTable(["word", "contribution", "bytes"])
    for word in ranked.prefix(tableLimit) {
      let text = String(decoding: bytes[word.byteRange], as: UTF8.self)
      table.add([
        shown(text.excerpt), signed(word.contribution),
        "\(word.byteRange.lowerBound)\u{2013}\(word.byteRange.upperBound)",
      ])
    }
    let rest = ranked.count - table.rows.count
    return details(
      "Words", table, note: rest > 0 ? "\(rest) more words contribute less." : nil)
  }

  // MARK: Tables

  private static func table(
    _ sentences: [SentenceEffect], _ label: String, _ bytes: [UInt8]
  ) -> String {
    var table = HTMLTable([
      "sentence", "change of the log-odds", "probability of \(shown(label)) without it",
    ])
    for sentence in sentences {
      let text = String(decoding: bytes[sentence.byteRange], as: UTF8.self)
      table.add([
        shown(text.excerpt), signed(sentence.effect), decimal(sentence.probability),
      ])
    }
    return details("Without each sentence", table)
  }

  private static func details(_ name: String, _ table: HTMLTable, note: String? = nil) -> String {
    """
    <details><summary>\(name)</summary>
    \(table.html)
    \(note.map { "<p>\($0)</p>" } ?? "")
    </details>
    """
  }

  private static func signed(_ value: Double, digits: Int = 2) -> String {
    MarkedText.signed(value, digits: digits)
  }
}
