/// What a text is cut into.
public enum TextUnit: String, CaseIterable, Hashable, Sendable {
  /// What a reader takes as one character (UAX #29).
  case grapheme
  /// Words, marks and spaces (UAX #29).
  case word
  /// The stretches between two places where a line may end (UAX #14).
  case line
  /// Sentences with the space behind them (UAX #29).
  case sentence
}
