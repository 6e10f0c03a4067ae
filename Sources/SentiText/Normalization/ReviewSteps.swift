/// What is done to a text of the web before it is cut into words, so that one opinion has one
/// spelling, and emphasis, emoji and ratings are words of their own.
///
/// See <doc:ReviewSteps>. A step is named in a vocabulary's header; the ``version`` of the rules too.
public struct ReviewSteps: OptionSet, Hashable, Sendable {
  /// The options as bits.
  public let rawValue: UInt16

  /// Takes the options as bits.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The version of the rules that follow, as it stands before them in a header.
  public static let version = "v2"

  /// Character references become their characters; tags of any name, comments, styles and scripts are
  /// dropped, and those that part lines become a line feed.
  public static let markup = ReviewSteps(rawValue: 1)
  /// Apostrophes, quotation marks and dashes become those of ASCII; soft hyphens, joiners, marks of
  /// direction, variation selectors and control characters are dropped.
  public static let typography = ReviewSteps(rawValue: 2)
  /// Web and mail addresses and `@names` are dropped, with the brackets around them.
  public static let addresses = ReviewSteps(rawValue: 4)
  /// Emoticons become the emoji that they draw: `:-)` a smiling face, `<3` a heart.
  public static let emoticons = ReviewSteps(rawValue: 8)
  /// Ratings become one word that names tenths: "4 stars", "4/5" and "8 out of 10" `_rating_8_`.
  public static let ratings = ReviewSteps(rawValue: 16)
  /// Behind a word in capitals stands `_caps_`, in a line that has small letters too.
  public static let capitals = ReviewSteps(rawValue: 32)
  /// A word with letters drawn out is written plainly, and `_long_` stands behind it; of repeated
  /// signs one stays, and `_many_` stands behind it.
  public static let elongation = ReviewSteps(rawValue: 64)
  /// Contractions are cut as the Penn Treebank cuts them: "do n't", "it \u{2BC}s", "can not".
  public static let contractions = ReviewSteps(rawValue: 128)
  /// Behind an emoji stands the name of its group in Unicode's list; skin tones and joined parts are
  /// dropped.
  public static let emoji = ReviewSteps(rawValue: 256)

  /// All of them.
  public static let all: ReviewSteps = [
    .markup, .typography, .addresses, .emoticons, .ratings, .capitals, .elongation, .contractions,
    .emoji,
  ]

  private static let named: [(name: String, step: ReviewSteps)] = [
    ("markup", .markup), ("typography", .typography), ("addresses", .addresses),
    ("emoticons", .emoticons), ("ratings", .ratings), ("capitals", .capitals),
    ("elongation", .elongation), ("contractions", .contractions), ("emoji", .emoji),
  ]

  /// The names of the steps, in their order.
  public var names: [String] {
    Self.named.filter { contains($0.step) }.map(\.name)
  }

  /// The step of a name; nil where there is none.
  init?(name: some StringProtocol) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.step
  }
}

// MARK: Carrying out

extension ReviewSteps {
  /// Carries out the steps that come before the normalization form.
  func applyBeforeForm(to text: inout AlignedText) {
    if contains(.markup) { MarkupStripping.apply(to: &text) }
    if contains(.typography) { TypographyFolding.apply(to: &text) }
    if contains(.addresses) { AddressDropping.apply(to: &text) }
  }

  /// Carries out the steps that come behind the form and before letters lose their case.
  func applyBeforeFolding(to text: inout AlignedText) {
    if contains(.emoticons) { EmoticonFolding.apply(to: &text) }
    if contains(.ratings) { RatingFolding.apply(to: &text) }
    if contains(.capitals) { CapitalMarking.apply(to: &text) }
    if contains(.elongation) { ElongationFolding.apply(to: &text) }
    if contains(.contractions) { ContractionSplitting.apply(to: &text) }
  }
}

extension AlignedText {
  /// One place to be rewritten: what stands there, and what is to.
  struct Replacement {
    /// The bytes that are replaced.
    let range: Range<Int>
    /// What stands for them.
    let bytes: [UInt8]
    /// What follows and stands for none.
    var mark: [UInt8] = []
  }

  /// Rewrites a text at the marks that a step looks for.
  ///
  /// - Parameters:
  ///   - mark: What the step looks for.
  ///   - replacement: Gets the text, a mark's place and where the last replacement ended; returns
  ///     what to replace, at that end or behind it, or nil where the mark means nothing.
  mutating func rewrite(
    at mark: SearchedMark, _ replacement: (Span<UInt8>, Int, Int) -> Replacement?
  ) {
    let source = utf8
    var index = source.first(mark, from: 0)
    guard index < source.count else { return }
    var rewriter = TextRewriter(capacity: source.count + 64)
    var copied = 0
    while index < source.count {
      if let found = replacement(source.span, index, copied) {
        rewriter.copy(source, copied..<found.range.lowerBound)
        if !found.range.isEmpty || !found.bytes.isEmpty {
          rewriter.replace(found.range, with: found.bytes)
        }
        copied = found.range.upperBound
        if !found.mark.isEmpty { rewriter.replace(copied..<copied, with: found.mark) }
        index = min(source.count, max(index + 1, copied))
      } else {
        index += 1
      }
      index = source.first(mark, from: index)
    }
    guard !rewriter.alignment.isIdentity else { return }
    rewriter.copy(source, copied..<source.count)
    apply(rewriter)
  }
}

/// Bytes of ASCII, as the review steps tell them apart.
extension UInt8 {
  var isSmallLetter: Bool { (0x61...0x7A).contains(self) }
  var isCapital: Bool { (0x41...0x5A).contains(self) }
  var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
  var isDigit: Bool { (0x30...0x39).contains(self) }
  /// Whether a byte may be part of a word: a letter, a digit, `_`, or any byte beyond ASCII.
  var isWordLike: Bool { isLetter || isDigit || self == 0x5F || self >= 0x80 }
}

extension Span<UInt8> {
  /// Whether a letter, of ASCII or beyond, begins at an index; its length, or 0.
  func letterLength(at index: Int) -> Int {
    guard index < count else { return 0 }
    if self[index] < 0x80 { return self[index].isLetter ? 1 : 0 }
    let step = UTF8Decoding.step(self, at: index)
    return step.scalar.map(CharacterProperties.isAlphabetic) == true ? step.length : 0
  }

  /// The letters around an index, as far back as a floor.
  func letters(around index: Int, from floor: Int) -> Range<Int> {
    var (lower, upper) = (index, index)
    while lower > floor {
      let start = UTF8Decoding.scalarStart(self, atOrBefore: lower - 1)
      guard start >= floor, letterLength(at: start) > 0 else { break }
      lower = start
    }
    while case let length = letterLength(at: upper), length > 0 { upper += length }
    return lower..<upper
  }

  /// The bytes of a range, with ASCII's letters small.
  func folded(_ range: Range<Int>) -> String {
    String(decoding: range.map { self[$0].foldedASCII }, as: UTF8.self)
  }

  /// The byte at an index; a space outside of the text.
  func byte(_ index: Int) -> UInt8 {
    index >= 0 && index < count ? self[index] : 0x20
  }

  /// Whether a text of lower-case letters and signs stands at an index, in any case.
  func matches(_ text: String, at start: Int) -> Bool {
    start >= 0 && HTMLDecoding.matches(self, start, text)
  }
}
