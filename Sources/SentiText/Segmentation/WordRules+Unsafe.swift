internal import CSentiICU
internal import CSentiText

/// What the word boundary rules of the linked ICU say of the characters of common scripts.
///
/// Nothing is assumed of ICU's version: each character is tried between others, and what ICU answers
/// is its class. At last all short sequences of differently classed characters are tried; where the
/// classes would not give ICU's boundaries, there are no rules, and all text is ICU's to cut.
struct WordRules: Sendable {
  /// A class for each tabulated character: bits of `CSentiText`.
  let classes: [UInt8]
  /// A kind for each tabulated character, as a raw value.
  let kinds: [UInt8]
  /// What cuts the runs of some scripts.
  let dictionaries: WordDictionaries

  /// Asks an ICU.
  ///
  /// - Parameters:
  ///   - breaker: The iterator to ask.
  ///   - dictionaries: Its dictionaries; runs of a script whose dictionary is missing are left to it.
  init?(probing breaker: Breaker, dictionaries: WordDictionaries) {
    let characters = TabulatedCharacters.all
    let runs = characters.map { Self.classOfRun($0, dictionaries) }
    var probe = Probe()
    for (character, run) in zip(characters, runs) where run == nil { Self.ask(character, &probe) }
    let answers = probe.answers(of: breaker)
    var index = -Self.questionCount
    let classes = zip(characters, runs).map { character, run in
      if let run { return run }
      index += Self.questionCount
      return Self.class(of: character, answers, from: index)
    }
    guard !classes.prefix(0x80).contains(UInt8(CSentiText_foreign)) else { return nil }
    self.classes = classes
    self.dictionaries = dictionaries
    kinds = characters.map { TokenKind(scalar: UInt32($0), follower: nil).rawValue }
    guard holds(for: breaker), cutsRuns(like: breaker) else { return nil }
  }

  // MARK: Questions

  /// How many questions are asked about a character.
  private static let questionCount = 8

  private static func ask(_ character: UInt16, _ probe: inout Probe) {
    let (letter, digit): (UInt16, UInt16) = (0x61, 0x31)
    let (space, apostrophe): (UInt16, UInt16) = (0x20, 0x27)
    probe.ask([letter, character])
    probe.ask([letter, apostrophe, character])
    probe.ask([digit, apostrophe, character])
    probe.ask([letter, character, letter])
    probe.ask([digit, character, digit])
    probe.ask([space, character])
    probe.ask([character, character])
    probe.ask([character, apostrophe])
  }

  /// The class that the answers make; an answer is whether the sequence was one token.
  private static func `class`(of character: UInt16, _ isOne: [Bool], from index: Int) -> UInt8 {
    if character == 0x0D { return UInt8(CSentiText_carriageReturn) }
    if character == 0x0A { return 0 }
    let joinsLetter = isOne[index]
    let (isLetter, isDigit) = (isOne[index + 1], isOne[index + 2])
    let (joinsSpace, joinsItself) = (isOne[index + 5], isOne[index + 6])
    let takesApostrophe = isOne[index + 7]
    // Marks that extend whatever they follow, Hebrew letters, regional indicators, katakana.
    if joinsSpace && joinsLetter || takesApostrophe { return UInt8(CSentiText_foreign) }
    if joinsSpace && joinsItself { return UInt8(CSentiText_joiningSpace) }
    if isLetter != isDigit {
      return UInt8(isLetter ? CSentiText_letter : CSentiText_digit)
    }
    if joinsLetter { return UInt8(isLetter ? CSentiText_foreign : CSentiText_connector) }
    if joinsItself { return UInt8(CSentiText_foreign) }
    return UInt8(isOne[index + 3] ? CSentiText_betweenLetters : 0)
      | UInt8(isOne[index + 4] ? CSentiText_betweenDigits : 0)
  }

  /// The class of a character of a run that a dictionary cuts; nil for others.
  private static func classOfRun(_ character: UInt16, _ dictionaries: WordDictionaries) -> UInt8? {
    let (han, thai) = unsafe (dictionaries.han != nil, dictionaries.thai != nil)
    let foreign = UInt8(CSentiText_foreign)
    switch Int(CSentiICU_runOf(UInt32(character))) {
    case Int(CSentiICU_noRun): return nil
    case Int(CSentiICU_hanRun): return han ? UInt8(CSentiText_han) : foreign
    case Int(CSentiICU_thaiLetter): return thai ? UInt8(CSentiText_thai) : foreign
    case Int(CSentiICU_thaiMark): return thai ? UInt8(CSentiText_thaiMark) : foreign
    default: return foreign
    }
  }

  // MARK: Proof

  /// Whether the classes give ICU's boundaries in all sequences of four characters, each of another
  /// class, in which the first and the last stand at the ends.
  private func holds(for breaker: Breaker) -> Bool {
    var seen: Set<UInt8> = []
    let samples = TabulatedCharacters.all.indices.filter { index in
      classes[index] != UInt8(CSentiText_foreign) && classes[index] < UInt8(CSentiText_han)
        && seen.insert(classes[index]).inserted
    }.map { TabulatedCharacters.all[$0] }
    var text: [UInt8] = []
    for first in samples {
      for second in samples {
        for third in samples {
          for character in [first, second, third, 0x61, third, 0x31, 0x7C] {
            text.appendUTF8(UInt32(character))
          }
        }
      }
    }
    return finds(breaker, in: text)
  }

  /// Whether the dictionaries give ICU's boundaries in some sentences.
  private func cutsRuns(like breaker: Breaker) -> Bool {
    dictionaries.isEmpty || finds(breaker, in: Array(BoundaryProbe.unspaced.utf8))
  }

  /// Whether the rules find an iterator's boundaries.
  private func finds(_ breaker: Breaker, in text: [UInt8]) -> Bool {
    var expected: [Int] = []
    breaker.forEachRange(in: text.span, 0..<text.count) { expected.append($0.upperBound) }
    return expected == ends(in: text)
  }

  /// The boundaries that the rules find; none where they leave a part of the text to ICU.
  private func ends(in text: [UInt8]) -> [Int] {
    var ends: [Int] = []
    let batch = TokenBatch()
    let scanner = WordScanner(self)
    var start = 0
    while start < text.count {
      batch.restart(at: start)
      let (end, foreignEnd) = scanner.scan(text.span, into: batch)
      guard end > start, foreignEnd == end else { return [] }
      batch.forEach { range, _ in ends.append(range.upperBound) }
      start = end
    }
    return ends
  }
}

/// Many short sequences, of which one pass of an iterator tells whether each is one token.
private struct Probe {
  private var text: [UInt8] = []
  private var ends: [Int] = []

  /// Adds a sequence.
  mutating func ask(_ sequence: [UInt16]) {
    for character in sequence { text.appendUTF8(UInt32(character)) }
    ends.append(text.count)
    text.append(UInt8(ascii: "\n"))
  }

  /// Whether each sequence has no boundary inside.
  func answers(of breaker: Breaker) -> [Bool] {
    var isBoundary = [Bool](repeating: false, count: text.count + 1)
    breaker.forEachRange(in: text.span, 0..<text.count) { isBoundary[$0.upperBound] = true }
    return ends.indices.map { index in
      let start = index == 0 ? 0 : ends[index - 1] + 1
      return !isBoundary[(start + 1)..<ends[index]].contains(true)
    }
  }
}
