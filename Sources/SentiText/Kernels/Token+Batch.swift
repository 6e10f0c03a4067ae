extension [Token] {
  /// The tokens of a batch.
  init(tokensOf batch: TokenBatch) {
    self = unsafe [Token](unsafeUninitializedCapacity: batch.count) { buffer, count in
      unsafe batch.write(to: buffer)
      count = batch.count
    }
  }

  /// Appends the tokens of a batch.
  mutating func append(tokensOf batch: TokenBatch) {
    append(addingCapacity: batch.count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        unsafe batch.write(to: buffer)
        count = batch.count
      }
    }
  }
}

extension TokenBatch {
  /// Writes the tokens to memory that has room for them.
  fileprivate func write(to output: UnsafeMutableBufferPointer<Token>) {
    precondition(output.count >= count, "room for \(output.count) of \(count) tokens")
    unsafe withTokens { ends, kinds in
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
}
