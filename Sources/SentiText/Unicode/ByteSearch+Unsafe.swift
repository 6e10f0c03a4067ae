internal import CSentiText

extension [UInt8] {
  /// Copies the bytes of a span.
  init(copying bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }

  /// Takes the bytes of a span in place of its own, in the same memory where they fit.
  mutating func replaceAll(with bytes: Span<UInt8>) {
    removeAll(keepingCapacity: true)
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// The first place at or after an index with a byte that is not ASCII, or `count`.
  func firstNonASCII(from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "index \(start) of \(count) bytes")
    return Int(unsafe CSentiText_firstNonASCII(self, Int64(start), Int64(count)))
  }

  /// The first place at or after an index that a step of normalization has to look at, or `count`.
  func first(_ mark: SearchedMark, from start: Int) -> Int {
    precondition(start >= 0 && start <= count, "index \(start) of \(count) bytes")
    return span.first(mark, from: start, to: count)
  }

  /// Puts lower-case letters in place of ASCII's upper-case ones.
  mutating func foldASCII() {
    let count = Int64(count)
    unsafe CSentiText_foldASCII(&self, count)
  }
}

/// What the steps of a normalization look for; the C header says where each of them stops.
enum SearchedMark {
  case markup, markupEvent, tag, typography, address, emoticon, rating, capitals, elongation
  case contraction, emoji

  fileprivate var search: @convention(c) (UnsafePointer<UInt8>, Int64, Int64) -> Int64 {
    switch self {
    case .markup: unsafe CSentiText_firstMarkup
    case .markupEvent: unsafe CSentiText_firstMarkupEvent
    case .tag: unsafe CSentiText_firstTag
    case .typography: unsafe CSentiText_firstTypography
    case .address: unsafe CSentiText_firstAddress
    case .emoticon: unsafe CSentiText_firstEmoticon
    case .rating: unsafe CSentiText_firstRating
    case .capitals: unsafe CSentiText_firstCapitals
    case .elongation: unsafe CSentiText_firstElongation
    case .contraction: unsafe CSentiText_firstContraction
    case .emoji: unsafe CSentiText_firstEmoji
    }
  }
}

extension Span<UInt8> {
  /// The first place of a range that a step of normalization has to look at, or the range's end.
  func first(_ mark: SearchedMark, from start: Int, to end: Int) -> Int {
    precondition(start >= 0 && end <= count, "range \(start)..<\(end) of \(count) bytes")
    return unsafe withUnsafeBufferPointer { text in
      guard let address = text.baseAddress, start < end else { return end }
      return Int(unsafe mark.search(address, Int64(start), Int64(end)))
    }
  }
}

extension UTF8Decoding {
  /// Whether bytes are well-formed UTF-8; plain by the loop that every machine has, for comparison.
  static func isValid(_ bytes: Span<UInt8>, isPlain: Bool = false) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return true }
      return unsafe CSentiText_isWellFormed(start, Int64(text.count), isPlain)
    }
  }
}

extension [UInt16] {
  /// Appends a range of well-formed UTF-8 in UTF-16.
  mutating func appendUTF16(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    append(addingCapacity: range.count) { output in
      unsafe output.withUnsafeMutableBufferPointer { units, count in
        count = unsafe Self.transcode(bytes, range, units)
      }
    }
  }

  private static func transcode(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ units: UnsafeMutableBufferPointer<UInt16>
  ) -> Int {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count && units.count >= range.count,
      "range \(range) of \(bytes.count) bytes, room for \(units.count) units")
    return unsafe bytes.withUnsafeBufferPointer { text in
      guard let text = text.baseAddress, let units = units.baseAddress else { return 0 }
      return Int(
        unsafe CSentiText_toUTF16(
          text, Int64(range.lowerBound), Int64(range.upperBound), units))
    }
  }
}
