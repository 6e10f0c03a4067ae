extension [Token] {
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
    unsafe ends.withUnsafeBufferPointer { ends in
      unsafe kinds.withUnsafeBufferPointer { kinds in
        var position = start
        for index in 0..<count {
          let end = start + Int(unsafe ends[index])
          // Kinds are raw values that this module wrote.
          let kind = TokenKind(rawValue: unsafe kinds[index]) ?? .symbol
          let range = position..<end
          unsafe output.initializeElement(at: index, to: Token(byteRange: range, kind: kind))
          position = end
        }
      }
    }
  }
}
