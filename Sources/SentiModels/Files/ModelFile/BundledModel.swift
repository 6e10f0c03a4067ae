/// A model that comes with the package; its file lies in the program itself.
///
/// Nothing has to be found at run time: a program that is copied elsewhere takes its models along. The
/// weights that stay as the file holds them are read where they lie, without a copy, and processes of
/// one program share them.
public enum BundledModel: String, CaseIterable, Hashable, Sendable {
  /// The sentiment of English texts: negative, neutral or positive.
  case english
  /// The same by a net of a quarter of the size, made for speed.
  case englishSmall = "english-small"
}
