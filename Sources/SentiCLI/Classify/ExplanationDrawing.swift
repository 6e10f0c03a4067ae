import SentiModels
import SentiText

/// An explanation as lines for a terminal: the sum, the text with its words set off, and the sentences.
///
/// With colours, words for the answer are cyan and words against it magenta, strong ones bold. Without,
/// each has its number:
///
///     log-odds -0.10 = baseline -0.85 + words +0.75, gap +0.003, 17 steps
///     [-1.99 Good], [+0.55 but] [+1.87 dull].
struct ExplanationDrawing {
  private let terminal: Terminal

  /// Draws for a terminal; a file gets numbers instead of colours.
  init(_ terminal: Terminal) { self.terminal = terminal }

  /// The lines, each with its line end.
  func text(of text: ExplainedText) -> String {
    let explanation = text.explanation
    let sum =
      "log-odds \(signed(explanation.difference)) = baseline \(signed(explanation.baseline)) "
      + "+ words \(signed(explanation.sum)), gap \(Columns.signed(explanation.gap, digits: 3)), "
      + (explanation.stepCount == 1 ? "1 step" : "\(explanation.stepCount) steps")
    let lines = words(of: text).split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
    return "  \(terminal.style(sum, .dim))\n" + body + sentences(of: text)
  }

  private func signed(_ value: Double) -> String { Columns.signed(value, digits: 2) }

  // MARK: Words

  /// The text without white space at its ends, its words set off.
  private func words(of text: ExplainedText) -> String {
    var (drawing, end) = ("", 0)
    func append(to limit: Int) {
      if limit > end { drawing += shown(text.text(end..<limit)) }
      end = max(end, limit)
    }
    for (word, level) in zip(text.explanation.words, text.explanation.levels) where level != 0 {
      append(to: word.byteRange.lowerBound)
      drawing += marked(shown(text.text(word.byteRange)), word.contribution, level)
      end = word.byteRange.upperBound
    }
    append(to: text.bytes.count)
    guard let first = drawing.firstIndex(where: { !$0.isWhitespace }),
      let last = drawing.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(drawing[first...last])
  }

  private func marked(_ word: String, _ contribution: Double, _ level: Int) -> String {
    guard terminal.hasColor else { return "[\(signed(contribution)) \(word)]" }
    let isStrong = level.magnitude >= 3
    let style: Terminal.Style =
      level > 0 ? (isStrong ? .boldCyan : .cyan) : (isStrong ? .boldMagenta : .magenta)
    return terminal.style(word, style)
  }

  /// A text without what a terminal would obey.
  private func shown(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").escapingControls { $0 == "\n" || $0 == "\t" }
  }

  // MARK: Sentences

  private func sentences(of text: ExplainedText) -> String {
    guard let sentences = text.sentences else { return "" }
    let rows = sentences.map { sentence in
      let words = text.text(sentence.byteRange).split(whereSeparator: \.isWhitespace)
      return [
        "  \(signed(sentence.effect))", Columns.fixed(sentence.probability, digits: 4),
        words.joined(separator: " ").excerpt,
      ]
    }
    return Columns.aligned([["  effect", "without", "sentence"]] + rows)
  }
}
