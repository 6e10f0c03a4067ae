extension [Token] {
  /// The tokens of a batch.
  init(tokensOf batch: TokenBatch) {
    self.init()
    reserveCapacity(batch.count)
    append(tokensOf: batch)
  }

  /// Appends the tokens of a batch.
  mutating func append(tokensOf batch: TokenBatch) {
    let words = unsafe batch.storage.pointee
    unsafe append(addingCapacity: words.count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        unsafe words.write(to: buffer)
        count = unsafe words.count
      }
    }
  }
}

extension TokenBatch.Storage {
  /// Writes the tokens to memory that has room for them.
  fileprivate func write(to output: UnsafeMutableBufferPointer<Token>) {
    let room = output.count
    let (start, count) = unsafe (start, count)
    precondition(room >= count, "room for \(room) of \(count) tokens")
    var position = start
    for index in 0..<count {
      let end = start + Int(unsafe ends[index])
      // Ends rise, and kinds are raw values that this module wrote.
      let range = unsafe Range(uncheckedBounds: (position, end))
      let kind = unsafe unsafeBitCast(kinds[index], to: TokenKind.self)
      unsafe output.initializeElement(at: index, to: Token(byteRange: range, kind: kind))
      position = end
    }
  }
}
