extension Vocabulary {
  /// The vocabulary as a file's bytes.
  public func serialized() -> [UInt8] {
    var output = Array(headerText.utf8)
    for index in 0..<count {
      output.appendEscaped(table.word(at: index))
      output.append(UInt8(ascii: "\t"))
      let id = TokenID(rawValue: UInt32(index))
      output.append(contentsOf: String(frequency(of: id) ?? 0).utf8)
      output.append(UInt8(ascii: "\n"))
    }
    return output
  }

  /// Writes the vocabulary beside the path, and renames it when it is whole.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - replacing: Whether a file that is there already may be replaced; not unless asked.
  /// - Throws: `VocabularyError.fileExists`, `VocabularyError.unwritable`.
  public func write(to path: String, replacing: Bool = false) throws(VocabularyError) {
    guard replacing || !FileAccess.exists(path) else { throw .fileExists(path: path) }
    do {
      try FileAccess.write(serialized(), to: path)
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }

  private var boundaryField: String {
    header.boundaryChecksum.map { "boundaries: \(String($0, radix: 16))\n" } ?? ""
  }

  private var headerText: String {
    """
    senti vocabulary \(VocabularyHeader.formatVersion)
    normalization: \(header.normalization)
    locale: \(header.locale)
    icu: \(header.versions.icu)
    unicode: \(header.versions.unicode)
    \(boundaryField)corpus-checksum: \(String(header.corpusChecksum, radix: 16))
    texts: \(header.textCount)
    minimum-count: \(header.minimumCount)
    special-tokens: \(header.specialTokenCount)
    words: \(count)


    """
  }
}

extension [UInt8] {
  /// Appends a word in which control characters, backslashes and bytes that are not UTF-8 are
  /// escaped.
  fileprivate mutating func appendEscaped(_ word: ArraySlice<UInt8>) {
    let bytes = Array(word)
    var index = 0
    while index < bytes.count {
      let step = UTF8Decoding.step(bytes.span, at: index)
      let part = bytes[index..<(index + step.length)]
      switch step.scalar {
      case nil, .some(0..<0x20), .some(0x7F): part.forEach { appendEscaped($0) }
      case UInt32(UInt8(ascii: "\\")): append(contentsOf: [part[index], part[index]])
      default: append(contentsOf: part)
      }
      index += step.length
    }
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    append(contentsOf: [
      UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)],
    ])
  }
}
