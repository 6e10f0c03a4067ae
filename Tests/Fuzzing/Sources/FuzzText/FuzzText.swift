import SentiText

/// Called by libFuzzer with inputs that it makes up, those first that reach code not reached before.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  PublicInterface.shared.check(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// All of SentiText that takes text or files from outside, and what must hold whatever comes.
private struct PublicInterface {
  static let shared: PublicInterface = {
    do { return try PublicInterface() } catch { fatalError("\(error)") }
  }()

  private let tokenizer: WordTokenizer
  private let joiner: WordTokenizer
  private let segmenters: [TextUnit: TextSegmenter]
  private let pipelines: [TextPipeline]
  private let encoding: BytePairEncoding

  private init() throws {
    tokenizer = try WordTokenizer()
    joiner = try WordTokenizer(joinedTokens: .all)
    segmenters = try Dictionary(
      uniqueKeysWithValues: TextUnit.allCases.map { ($0, try TextSegmenter($0)) })
    let normalizations = [
      Normalization.none, .reviews,
      Normalization(
        decodesHTML: true, form: .nfkd, lowercaseLocale: "lt", stripsAccents: true,
        collapsesSpaces: true),
      Normalization(form: .nfd, foldsCase: true, lowercaseLocale: "tr"),
    ]
    pipelines = try normalizations.map { normalization in
      var builder = try VocabularyBuilder(normalization: normalization)
      builder.add("A film that isn't bad, 8/10.")
      return try TextPipeline(vocabulary: builder.vocabulary())
    }
    var trainer = try BytePairTrainer(form: .nfc)
    trainer.add("the best film of the year, the very best of the best")
    encoding = try trainer.encoding(size: 290)
  }

  /// Ends the program where something does not hold.
  func check(_ bytes: [UInt8]) {
    checkTokens(bytes)
    checkChunks(bytes)
    for pipeline in pipelines { checkIDs(bytes, pipeline) }
    checkStrings(String(decoding: bytes, as: UTF8.self))
    checkUTF16(bytes)
    _ = try? Vocabulary(parsing: bytes, path: "fuzz")
    _ = try? BytePairEncoding(tokenizerJSON: bytes, path: "fuzz")
  }

  /// Tokens cover the bytes, and are those of ICU's own iterator.
  private func checkTokens(_ bytes: [UInt8]) {
    let (tokens, count) = tokenizer.tokens(utf8: bytes.span)
    requireCover(tokens.map(\.byteRange), bytes.count)
    for (unit, segmenter) in segmenters {
      let (ranges, segmentedCount) = segmenter.ranges(utf8: bytes.span)
      requireCover(ranges, bytes.count)
      precondition(segmentedCount == count)
      if unit == .word { precondition(ranges == tokens.map(\.byteRange)) }
    }
    requireCover(joiner.tokens(utf8: bytes.span).tokens.map(\.byteRange), bytes.count)
  }

  /// A stream gives the tokens of the whole, wherever it is divided.
  private func checkChunks(_ bytes: [UInt8]) {
    let size = 1 + Int(bytes.first ?? 0) % 17
    var stream = WordStream(joiner)
    var tokens: [Token] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      tokens += stream.tokens(in: bytes.span.extracting(start..<min(start + size, bytes.count)))
    }
    tokens += stream.finish()
    precondition(tokens == joiner.tokens(utf8: bytes.span).tokens)
    for (unit, segmenter) in segmenters {
      var stretches = TextStretches(of: unit)
      var found: [Range<Int>] = []
      let add = { (stretch: TextStretches.Stretch) in
        found += segmenter.ranges(utf8: stretch.bytes.span).ranges.map {
          ($0.lowerBound + stretch.offset)..<($0.upperBound + stretch.offset)
        }
      }
      for start in stride(from: 0, to: bytes.count, by: size) {
        stretches.append(bytes.span.extracting(start..<min(start + size, bytes.count))).map(add)
      }
      add(stretches.finish())
      precondition(found == segmenter.ranges(utf8: bytes.span).ranges)
    }
  }

  private func checkIDs(_ bytes: [UInt8], _ pipeline: TextPipeline) {
    let (tokens, _) = pipeline.tokens(utf8: bytes.span)
    let ids = pipeline.encode(utf8: bytes.span)
    precondition(tokens.map(\.id) == ids)
    precondition(tokens.allSatisfy { 0 <= $0.token.byteRange.lowerBound })
    precondition(tokens.allSatisfy { $0.token.byteRange.upperBound <= bytes.count })
    _ = pipeline.decode(ids)
  }

  /// Ranges slice strings, and subwords give the very text back.
  private func checkStrings(_ text: String) {
    precondition(Array(joiner.lazyTokens(in: text)) == joiner.tokens(in: text))
    for token in tokenizer.tokens(in: text).prefix(20) {
      precondition(text[token.range(in: text)].utf8.count == token.byteRange.count)
      precondition(!token.utf16Range(in: text).isEmpty)
    }
    let pieces = encoding.pieces(in: text)
    precondition(pieces.map(\.id) == encoding.encode(text))
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      precondition(encoding.decode(pieces.map(\.id)) == text)
    }
    _ = ScriptDetector.dominantScript(in: text)
  }

  private func checkUTF16(_ bytes: [UInt8]) {
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
      UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
    requireCover(tokenizer.tokens(utf16: units.span).tokens.map(\.byteRange), units.count)
  }

  private func requireCover(_ ranges: [Range<Int>], _ count: Int) {
    var end = 0
    for range in ranges {
      precondition(range.lowerBound == end && !range.isEmpty, "\(range) behind \(end)")
      end = range.upperBound
    }
    precondition(end == count, "\(end) of \(count) bytes covered")
  }
}
