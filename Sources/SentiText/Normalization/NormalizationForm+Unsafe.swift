internal import CSentiICU

/// One of ICU's normalization forms.
///
/// Sendable: ICU's normalizer instances are constant data that any thread may read.
@safe struct NormalizationForm: @unchecked Sendable {
  private let handle: OpaquePointer
  /// Whether each tabulated character is in the form already, whatever stands beside it.
  private let normalStarters: [Bool]

  /// Finds the form's data; nil for no form at all.
  init?(_ form: Normalization.Form) throws(ICUError) {
    guard let code = form.icuCode else { return nil }
    var status: Int32 = 0
    let instance = unsafe CSentiICU_Normalizer_instance(code, &status)
    try ICUError.check(status, "load the data of \(form.rawValue)")
    guard let instance = unsafe instance else {
      throw .failure(operation: "load the data of \(form.rawValue)", status: "no data")
    }
    unsafe handle = instance
    normalStarters = TabulatedCharacters.all.map { CSentiICU_isNormalStarter(code, UInt32($0)) }
  }

  /// The length from which a segment's marks are put in order before ICU sees them: ICU sorts by
  /// insertion, which takes hours for a million marks.
  private static let longSegment = 64

  /// Normalizes a text.
  ///
  /// ASCII stays as it is, and so do the letters of most languages in a composed form; only the
  /// stretches around other characters are looked at.
  func apply(to text: inout AlignedText) {
    let source = text.utf8
    var next = firstAbnormal(source, from: 0)
    guard next < source.count else { return }
    var rewriter = TextRewriter(capacity: source.count)
    var copied = 0
    while next < source.count {
      let stretch = Self.stretch(around: next, in: source)
      rewriter.copy(source, copied..<stretch.lowerBound)
      rewrite(source, stretch, into: &rewriter)
      copied = stretch.upperBound
      next = firstAbnormal(source, from: copied)
    }
    guard !rewriter.alignment.isIdentity else { return }
    rewriter.copy(source, copied..<source.count)
    text.apply(rewriter)
  }

  /// Where the next character stands that is not known to be in the form already.
  private func firstAbnormal(_ source: [UInt8], from start: Int) -> Int {
    var index = source.firstNonASCII(from: start)
    while index < source.count {
      let step = UTF8Decoding.step(source.span, at: index)
      guard let place = TabulatedCharacters.index(of: step.scalar ?? 0), normalStarters[place]
      else { return index }
      index = source.firstNonASCII(from: index + step.length)
    }
    return index
  }

  /// The run of characters around an index that are not ASCII, with the ASCII character that they
  /// may combine with.
  private static func stretch(around index: Int, in source: [UInt8]) -> Range<Int> {
    var (lower, upper) = (index, index)
    while lower > 0 && source[lower] >= 0x80 { lower -= 1 }
    while upper < source.count && source[upper] >= 0x80 { upper += 1 }
    return lower..<upper
  }

  private func rewrite(
    _ source: [UInt8], _ stretch: Range<Int>, into rewriter: inout TextRewriter
  ) {
    var units: [UInt16] = []
    units.appendUTF16(source.span, stretch)
    var unit = 0
    var byte = stretch.lowerBound
    while unit < units.count {
      let normal = normalizedPrefix(units[unit...])
      if normal > unit {
        let end = byte + units[unit..<normal].utf8Length
        rewriter.copy(source, byte..<end)
        (unit, byte) = (normal, end)
        continue
      }
      let end = segmentEnd(units, after: unit)
      let byteEnd = byte + units[unit..<end].utf8Length
      replaceSegment(Array(units[unit..<end]), source, byte..<byteEnd, into: &rewriter)
      (unit, byte) = (end, byteEnd)
    }
  }

  private func replaceSegment(
    _ segment: [UInt16], _ source: [UInt8], _ range: Range<Int>,
    into rewriter: inout TextRewriter
  ) {
    let normalized = normalize(segment.count > Self.longSegment ? segment.inOrder : segment)
    guard normalized != segment else { return rewriter.copy(source, range) }
    var bytes: [UInt8] = []
    bytes.appendUTF8(utf16: normalized[...])
    rewriter.replace(range, with: bytes)
  }

  /// Where the next character stands that the text may be cut before.
  private func segmentEnd(_ units: [UInt16], after start: Int) -> Int {
    var index = start + units.scalarLength(at: start)
    while index < units.count {
      guard unsafe !CSentiICU_Normalizer_hasBoundaryBefore(handle, units.scalar(at: index)) else {
        break
      }
      index += units.scalarLength(at: index)
    }
    return index
  }

  private func normalizedPrefix(_ units: ArraySlice<UInt16>) -> Int {
    unsafe units.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return units.startIndex }
      var status: Int32 = 0
      let length = unsafe CSentiICU_Normalizer_normalizedPrefix(
        handle, start, Int32(buffer.count), &status)
      return status <= 0 ? units.startIndex + Int(length) : units.startIndex
    }
  }

  /// The form of a short text.
  func normalize(_ units: [UInt16]) -> [UInt16] {
    // No character grows beyond 18 units in any form (U+FDFA, NFKC); most segments do not grow.
    let capacity = units.count * 18
    return unsafe units.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress, !units.isEmpty else { return [] }
      return unsafe [UInt16](unsafeUninitializedCapacity: capacity) { output, count in
        guard let destination = output.baseAddress else { return }
        var status: Int32 = 0
        let length = unsafe CSentiICU_Normalizer_normalize(
          handle, start, Int32(source.count), destination, Int32(capacity), &status)
        precondition(status <= 0, "ICU could not normalize \(source.count) units: \(status)")
        count = Int(length)
      }
    }
  }
}

extension Normalization.Form {
  fileprivate var icuCode: Int32? {
    switch self {
    case .none: nil
    case .nfc: Int32(CSentiICU_nfc)
    case .nfd: Int32(CSentiICU_nfd)
    case .nfkc: Int32(CSentiICU_nfkc)
    case .nfkd: Int32(CSentiICU_nfkd)
    }
  }
}

extension [UInt16] {
  /// How many units the scalar at an index has.
  func scalarLength(at index: Int) -> Int {
    self[index] & 0xFC00 == 0xD800 && index + 1 < count ? 2 : 1
  }

  /// The scalar at an index of well-formed UTF-16.
  func scalar(at index: Int) -> UInt32 {
    let unit = UInt32(self[index])
    guard scalarLength(at: index) == 2 else { return unit }
    return 0x10000 + (unit & 0x3FF) << 10 + UInt32(self[index + 1]) & 0x3FF
  }
}

extension [UInt16] {
  /// The text with runs of combining marks in canonical order (The Unicode Standard, D109).
  fileprivate var inOrder: [UInt16] {
    var output: [UInt16] = []
    var marks: [(rank: Int, units: ArraySlice<UInt16>)] = []
    func flush() {
      marks.sort { $0.rank < $1.rank }
      for mark in marks { output += mark.units }
      marks.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < count {
      let units = self[index..<(index + scalarLength(at: index))]
      let combiningClass = Int(CSentiICU_combiningClass(scalar(at: index)))
      if combiningClass == 0 {
        flush()
        output += units
      } else {
        marks.append((combiningClass * count + index, units))
      }
      index = units.endIndex
    }
    flush()
    return output
  }
}

extension ArraySlice<UInt16> {
  /// How many bytes well-formed UTF-16 takes in UTF-8.
  fileprivate var utf8Length: Int { reduce(0) { $0 + $1.utf8Length } }
}
