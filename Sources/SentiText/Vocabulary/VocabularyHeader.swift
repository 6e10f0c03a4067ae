/// What a vocabulary records of its making.
public struct VocabularyHeader: Hashable, Sendable {
  /// The newest file format that this library reads, and the one it writes.
  public static let formatVersion = 1

  /// How texts were, and are to be, normalized.
  public var normalization: Normalization
  /// The locale of the word boundaries; empty for the rules that all languages share.
  public var locale: String
  /// The ICU that cut the texts into words.
  public var versions: ICUVersion
  /// A checksum of the texts that were read, the same in any order of theirs.
  public var corpusChecksum: UInt64
  /// How many texts were read.
  public var textCount: Int
  /// How often a word had to occur to be taken.
  public var minimumCount: Int
  /// How many words at the beginning are special tokens.
  public var specialTokenCount: Int
  /// The tokenizer's checksum of boundaries; nil in files that were written without.
  public var boundaryChecksum: UInt64?

  /// Describes a vocabulary.
  public init(
    normalization: Normalization = .none, locale: String = "", versions: ICUVersion = .linked,
    corpusChecksum: UInt64 = 0, textCount: Int = 0, minimumCount: Int = 1,
    specialTokenCount: Int = SpecialTokens.names.count, boundaryChecksum: UInt64? = nil
  ) {
    self.normalization = normalization
    self.locale = locale
    self.versions = versions
    self.corpusChecksum = corpusChecksum
    self.textCount = textCount
    self.minimumCount = minimumCount
    self.specialTokenCount = specialTokenCount
    self.boundaryChecksum = boundaryChecksum
  }

  /// Whether the linked ICU is the one that cut the texts; another may cut them differently.
  public var isOfLinkedICU: Bool { versions == .linked }
}

/// The tokens that every vocabulary begins with.
public enum SpecialTokens {
  /// Their names, in the order of their numbers.
  public static let names = ["<pad>", "<unk>", "<bos>", "<eos>"]
}

extension TokenID {
  /// The number of `<pad>`, which fills up short sequences.
  public static let padding = TokenID(rawValue: 0)
  /// The number of `<unk>`, which stands for every word that is not in the vocabulary.
  public static let unknown = TokenID(rawValue: 1)
  /// The number of `<bos>`, which begins a sequence.
  public static let start = TokenID(rawValue: 2)
  /// The number of `<eos>`, which ends a sequence.
  public static let end = TokenID(rawValue: 3)
}
