/// White space, one space for each run of it.
enum SpaceCollapsing {
  /// Puts one space in place of every run of white space.
  static func apply(to text: inout AlignedText) {
    text.rewrite { source, range, scalar in
      guard isSpace(scalar) else { return nil }
      var end = range.upperBound
      while end < source.count {
        let step = UTF8Decoding.step(source.span, at: end)
        guard let next = step.scalar, isSpace(next) else { break }
        end += step.length
      }
      guard end - range.lowerBound > 1 || scalar != 0x20 else { return nil }
      return (end - range.lowerBound, [0x20])
    }
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    scalar < 0x80
      ? scalar == 0x20 || (0x09...0x0D).contains(scalar) : CharacterProperties.isSpace(scalar)
  }
}
