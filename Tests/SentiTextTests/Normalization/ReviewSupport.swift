import SentiText
import Testing

/// The words of a text as a normalization and word boundaries make them, parted by spaces.
func words(
  _ text: String, _ normalization: Normalization = .reviews
) throws -> String {
  let normalized = try Normalizer(normalization).normalized(text)
  return try WordTokenizer().tokens(in: normalized.string).filter { $0.kind != .space }
    .map { slice(normalized.string, $0.byteRange) }.joined(separator: " ")
}

/// The words of a text with one of the review steps alone; letters keep their case.
func words(_ text: String, with steps: ReviewSteps) throws -> String {
  var normalization = Normalization.none
  normalization.reviewSteps = steps
  return try words(text, normalization)
}

/// Sentences with what the review steps look for, and bits of markup and typography between them.
enum ReviewTexts {
  static let parts = [
    "I love it ", "this is not good. ", "GREAT PHONE ", "so good", "sooooo ", "!!!", "?! ",
    " 4 stars",
    "4/5 ", "8 out of 10 ", "five stars ", "don't ", "do n't ", "it's ", "dont ", "cannot ",
    "\u{2019}s ",
    "<br />", "<b>", "</b>", "<div class=\"a b\">", "<!-- no ", " -->", "<style> p {} ", "</style>",
    "&lt;",
    "&gt;", "&amp;", "a < b and c > d ", "<3 ", ":) ", ":-(", ";) ", "xD ", "http://a.b/c ",
    "@name ",
    "a@b.de ", "\u{1F600}", "\u{1F44D}\u{1F3FD}", "\u{2764}\u{FE0F} ",
    "\u{1F469}\u{200D}\u{1F4BB} ",
    "\u{2605}\u{2605}\u{2606}\u{2606}\u{2606} ", "\u{AD}", "\u{200B}", "\u{FEFF}", "\u{200D}", "\n",
    " ", "\r\n",
    "the one day we saw ", "went home again ", "HELLO ", "\u{3002}\u{597D}", "\u{E9}t\u{E9} ",
    "\u{C9}T\u{C9} ",
    "\0", "-LRB- ", "`` ", "''", "wow ", "out ", "of ", "star ", "all this time ",
  ]

  static func random(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> String {
    (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
  }
}
