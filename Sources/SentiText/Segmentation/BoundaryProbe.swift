/// Sentences that differ wherever the word boundary rules of two ICU versions are known to differ.
enum BoundaryProbe {
  /// The signs of ASCII between letters, digits and spaces, and sentences of many scripts.
  static let text: String = {
    let signs = (0x21...0x7E).map { String(Unicode.Scalar(UInt8($0))) }
    let contexts = signs.map { "a\($0)b 1\($0)2 a\($0)1 \($0)\($0) a\($0) \($0)a\n" }
    return contexts.joined() + sentences
  }()

  /// Sentences of scripts without spaces, in each of which the dictionaries have choices.
  static let unspaced = """
    \u{5357}\u{4EAC}\u{5E02}\u{957F}\u{6C5F}\u{5927}\u{6865}\u{3002}\u{7814}\u{7A76}\u{751F}\u{547D}\u{8D77}\u{6E90}\u{FF0C}\u{9F98}\u{9F98}\u{9F98}
    \u{3059}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{3082}\u{306E}\u{3046}\u{3061}\u{3002}\u{6771}\u{4EAC}\u{90FD}\u{30B9}\u{30AB}\u{30A4}\u{30C4}\u{30EA}\u{30FC}\u{3067}\u{3059}
    \u{0E15}\u{0E32}\u{0E01}\u{0E25}\u{0E21}\u{0E44}\u{0E1B}\u{0E2B}\u{0E32}\u{0E21}\u{0E40}\u{0E2B}\u{0E2A}\u{0E35} \u{0E01}\u{0E23}\u{0E38}\u{0E07}\u{0E40}\u{0E17}\u{0E1E}\u{0E2F} \u{0E40}\u{0E23}\u{0E47}\u{0E27}\u{0E46} a\u{0E01}\u{0E32}\u{0E23}\u{0E40}\u{0E23}\u{0E35}\u{0E22}\u{0E19}1

    """

  private static let sentences = """
    Don\u{2019}t \u{201C}stop\u{201D}: l\u{2019}\u{E9}t\u{E9}, stra\u{DF}e\u{2026} \u{1F468}\u{200D}\u{1F469}
    \u{0E20}\u{0E32}\u{0E29}\u{0E32}\u{0E44}\u{0E17}\u{0E22}\u{0E2A}\u{0E19}\u{0E38}\u{0E01}\u{0E21}\u{0E32}\u{0E01}
    \u{8FD9}\u{90E8}\u{7535}\u{5F71}\u{771F}\u{4E0D}\u{9519}\u{3002}\u{6620}\u{753B}\u{306F}\u{3068}\u{3066}\u{3082}
    \u{30C6}\u{30EC}\u{30D3} \u{D55C}\u{AD6D}\u{C5B4} \u{5D0}\u{5F4}\u{5D1} \u{627}\u{644}\u{641}
    \u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940} \u{1F1E9}\u{1F1EA}\u{1F1EB} e\u{301} \u{1F44D}\u{1F3FD} 1\u{FE0F}\u{20E3}
    """
}
