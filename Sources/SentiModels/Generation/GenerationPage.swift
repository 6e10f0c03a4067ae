internal import Glibc
public import SentiTensor

/// A page for a browser that shows how sure a model was of each token, and what it looked at.
///
/// It is one file of HTML without scripts and without anything from elsewhere. Every figure stands
/// there as a number too, and every matrix has words for those who cannot see it.
public struct GenerationPage: Sendable {
  /// The page's heading.
  public let title: String
  private var sections: [String] = []

  /// How much each token of an output looked at each token of its source.
  public struct Attention: Sendable {
    let source: [String]
    let weights: Matrix<Float>

    /// Collects what a matrix is drawn of.
    ///
    /// - Parameters:
    ///   - source: The tokens of the source, as text.
    ///   - weights: A row for each token of the output, a column for each of the source.
    /// - Precondition: There is a column for each token of the source.
    public init(source: [String], weights: Matrix<Float>) {
      precondition(
        source.count == weights.columnCount,
        "\(source.count) tokens for \(weights.columnCount) columns")
      self.source = source
      self.weights = weights
    }
  }

  /// Starts a page.
  ///
  /// - Parameter title: The page's heading.
  public init(title: String) { self.title = title }

  /// Adds an output.
  ///
  /// - Parameters:
  ///   - name: What it was written of.
  ///   - text: The output.
  ///   - tokens: Its tokens, as text, the end among them.
  ///   - logProbabilities: The model's log-probability of each token.
  ///   - attention: What the tokens looked at; nil where there is nothing to look at.
  /// - Precondition: There is a log-probability, and a row of attention, for each token.
  public mutating func add(
    _ name: String, text: String, tokens: [String], logProbabilities: [Float],
    attention: Attention? = nil
  ) {
    precondition(
      tokens.count == logProbabilities.count
        && attention.map { $0.weights.rowCount == tokens.count } ?? true,
      "\(tokens.count) tokens, \(logProbabilities.count) probabilities, "
        + "\(attention?.weights.rowCount ?? tokens.count) rows of attention")
    let probabilities = logProbabilities.map { exp(Double($0)) }
    sections.append(
      """
      <section>
      <h2>\(shown(text))</h2>
      <p class="sum">\(shown(name))</p>
      <ol class="tokens">
      \(zip(tokens, probabilities).map(Self.token).joined(separator: "\n"))
      </ol>
      \(attention.map { Self.matrix($0, tokens) } ?? "")
      </section>
      """)
  }

  /// The page.
  public var html: String {
    HTMLPage(
      title: title,
      lead: """
        <p>Below each text are its tokens with the model's probability of each, the end included. A matrix, \
        where there is one, has a row for each token and shows in percent how much it looked at each token \
        of the source.</p>
        """, sections: sections
    ).html
  }

  private static func token(_ text: String, _ probability: Double) -> String {
    let percent = decimal(100 * probability, digits: probability < 0.0995 ? 1 : 0)
    let end = decimal(100 * probability, digits: 1)
    return """
      <li><span class="word">\(visible(text))</span> \
      <svg class="bar" aria-hidden="true" viewBox="0 0 100 6" width="64" height="6">\
      <path d="M0 3H\(end)" stroke="currentColor" stroke-width="6"/></svg> \
      <span class="sum">\(percent) %</span></li>
      """
  }

  // MARK: Matrix

  /// The size of a cell, and what a character of a label takes at most.
  private static let cell = 34
  private static let characterWidth = 9

  private static func matrix(_ attention: Attention, _ tokens: [String]) -> String {
    let (source, weights) = (attention.source, attention.weights)
    let left = 16 + characterWidth * (tokens.map(\.count).max() ?? 0)
    let top = 16 + characterWidth * (source.map(\.count).max() ?? 0) * 3 / 4
    let width = left + cell * source.count + top
    let height = top + cell * tokens.count + 4
    var marks: [String] = []
    for (column, word) in source.enumerated() {
      let x = left + cell * column + cell / 2
      marks.append(
        "<text transform=\"translate(\(x + 4) \(top - 8)) rotate(-45)\">\(visible(word))</text>")
    }
    for (row, word) in tokens.enumerated() {
      let y = top + cell * row
      marks.append(
        "<text x=\"\(left - 8)\" y=\"\(y + cell / 2 + 5)\" text-anchor=\"end\">\(visible(word))</text>"
      )
      for column in source.indices {
        marks += Self.cell(
          Double(weights[row, column]), "\(word), \(source[column])", x: left + cell * column, y: y)
      }
    }
    let label = shown(
      "What each of \(tokens.count) tokens looked at: \(spoken(attention, tokens))")
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="Attention"><svg class="matrix" \
      role="img" aria-label="\(label)" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)">
      \(marks.joined(separator: "\n"))
      </svg></div>
      """
  }

  private static func cell(_ weight: Double, _ name: String, x: Int, y: Int) -> [String] {
    let percent = decimal(100 * weight, digits: 0)
    let place = "x=\"\(x + 1)\" y=\"\(y + 1)\" width=\"\(cell - 2)\" height=\"\(cell - 2)\""
    let square =
      "<rect \(place) fill-opacity=\"\(decimal(weight, digits: 2))\">"
      + "<title>\(shown(name)): \(percent) %</title></rect>"
    guard weight >= 0.045 else { return [square] }
    let number =
      "<text x=\"\(x + cell / 2)\" y=\"\(y + cell / 2 + 5)\" text-anchor=\"middle\">"
      + "\(percent)</text>"
    return [square, number]
  }

  /// For each token the one that it looked at most.
  private static func spoken(_ attention: Attention, _ tokens: [String]) -> String {
    tokens.enumerated().map { row, token in
      let weights = attention.weights.row(row)
      let best = weights.indices.max { weights[$0] < weights[$1] }
      return "\(token) at \(best.map { attention.source[$0] } ?? "nothing")"
    }.joined(separator: ", ")
  }
}

/// A token whose spaces can be seen.
private func visible(_ token: String) -> String {
  shown(token.replacing(" ", with: "\u{2423}").replacing("\n", with: "\u{21B5}"))
}
