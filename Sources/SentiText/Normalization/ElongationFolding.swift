/// Emphasis by repetition, as plain words and signs with a mark behind them.
///
/// - "sooooo" reads "so _long_". Of a letter three times or more one stays, or two where that makes a
///   word that English writes with two ("goooood", "toooo"). Of one letter alone three stay ("mmm").
///   Roman numbers are no emphasis.
/// - "!!!", "?!?!" read "! _many_", "? ! _many_". Of other signs three stay, without a mark.
enum ElongationFolding {
  /// Folds a text's repetitions.
  static func apply(to text: inout AlignedText) {
    var wordEnd = 0
    text.rewrite(at: .elongation) { source, index, floor in
      guard index >= wordEnd else { return nil }
      let byte = source[index]
      if byte.isLetter || byte >= 0x80 {
        let word = source.letters(around: index, from: max(floor, wordEnd))
        wordEnd = max(word.upperBound, index + 1)
        return plainWord(source, word)
      }
      if byte.isDigit || byte == UInt8(ascii: "_") { return nil }
      let isCall = isCall(byte)
      var end = index
      while end < source.count, isCall ? Self.isCall(source[end]) : source[end] == byte { end += 1 }
      wordEnd = end
      return isCall ? calls(source, index..<end) : cut(index..<end, byte)
    }
  }

  private typealias Replacement = AlignedText.Replacement

  // MARK: Signs

  private static func isCall(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
  }

  private static func calls(_ source: Span<UInt8>, _ range: Range<Int>) -> Replacement? {
    let first = source[range.lowerBound]
    let isMixed = range.contains { source[$0] != first }
    guard range.count > (isMixed ? 2 : 1) else { return nil }
    let other = UInt8(ascii: "!") ^ UInt8(ascii: "?") ^ first
    let space: [UInt8] = source.byte(range.upperBound).isWordLike ? [0x20] : []
    return Replacement(
      range: range, bytes: isMixed ? [first, 0x20, other] : [first],
      mark: [0x20] + ReviewMark.many + space)
  }

  private static func cut(_ range: Range<Int>, _ byte: UInt8) -> Replacement? {
    range.count > 3 ? Replacement(range: range, bytes: [byte, byte, byte]) : nil
  }

  // MARK: Words

  /// A letter, and how often it stands.
  private struct Run {
    let letter: ArraySlice<UInt8>
    var count: Int

    var isDrawnOut: Bool { count > 2 }

    func bytes(count: Int) -> [UInt8] {
      (0..<count).flatMap { _ in letter }
    }
  }

  private static func plainWord(_ source: Span<UInt8>, _ word: Range<Int>) -> Replacement? {
    guard !isPartOfName(source.byte(word.lowerBound - 1)),
      !isPartOfName(source.byte(word.upperBound))
    else { return nil }
    let runs = runs(source, word)
    guard runs.contains(where: \.isDrawnOut) else { return nil }
    let mark = [0x20] + ReviewMark.long
    if runs.count == 1 {
      return runs[0].count > 3
        ? Replacement(range: word, bytes: runs[0].bytes(count: 3), mark: mark) : nil
    }
    guard !runs.allSatisfy(isRomanDigit) else { return nil }
    return Replacement(range: word, bytes: plain(runs), mark: mark)
  }

  private static func isRomanDigit(_ run: Run) -> Bool {
    run.letter.count == 1 && run.letter.allSatisfy { "ivx".utf8.contains($0 | 0x20) }
  }

  private static func isPartOfName(_ byte: UInt8) -> Bool {
    byte.isDigit || byte == UInt8(ascii: "_")
  }

  private static func runs(_ source: Span<UInt8>, _ word: Range<Int>) -> [Run] {
    var runs: [Run] = []
    var index = word.lowerBound
    while index < word.upperBound {
      let end = index + max(1, source.letterLength(at: index))
      let letter = (index..<end).map { source[$0] }
      if let last = runs.last?.letter, isSame(last, letter) {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(letter: letter[...], count: 1))
      }
      index = end
    }
    return runs
  }

  private static func isSame(_ first: ArraySlice<UInt8>, _ second: [UInt8]) -> Bool {
    first.elementsEqual(second) { $0.foldedASCII == $1.foldedASCII }
  }

  /// The word with each drawn-out letter once, or twice where that makes a known word.
  private static func plain(_ runs: [Run]) -> [UInt8] {
    let single = written(runs) { _ in 1 }
    let drawn = runs.indices.filter { runs[$0].isDrawnOut }
    guard drawn.count <= 3, single.count < 16 else { return single }
    for choice in 1..<(1 << drawn.count) {
      let doubled = Set(drawn.indices.filter { choice >> $0 & 1 == 1 }.map { drawn[$0] })
      let word = written(runs) { doubled.contains($0) ? 2 : 1 }
      if doubledWords.contains(String(decoding: word.map(\.foldedASCII), as: UTF8.self)) {
        return word
      }
    }
    return single
  }

  private static func written(_ runs: [Run], _ count: (Int) -> Int) -> [UInt8] {
    runs.indices.flatMap { index in
      runs[index].bytes(count: runs[index].isDrawnOut ? count(index) : runs[index].count)
    }
  }

  /// Words with a double letter that people draw out.
  private static let doubledWords: Set<String> = Set(
    """
    add agree agreed all ass awful bee been beer better boo book boom boring boss bottom bull butter \
    buzz call cheese chill class coffee cool creepy daddy damn dammit deep dinner doll door dull \
    excellent feel feeling fell fill food fool free freeze freezing full fully funny fuzzy gee geek \
    geez glass good goofy green happy hell hello hobby hook hooray horrible hurry ill jazz jeez jelly \
    jolly keep kill killed kiss little look looking looks loss mall meet mess messy middle miss missing \
    mommy mood moon motto muddy need needed noodle off offer pass pee pizza pool poop poor pretty pull \
    puppy really room root rubbish sassy scream scroll see seem seen sell shall shitty shoot sheesh \
    silly skill sleep sleepy sloppy small smell smooth soon sorry spell spoon steel still stress stuff \
    stuffed suggest summer sweet swell tall teeth tell terrible terrific three too took tool tree troll \
    until unless villain wall week weed weekend weep well wheel whee will willing woohoo wood woof wool \
    worry yell yippee yummy zoo zoom
    """.split(separator: " ").map(String.init))
}
