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
  /// Adds the tokens that `body` writes, ends and kinds, and of which it returns the number.
  func append(
    addingCapacity capacity: Int,
    _ body: (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt8>) -> Int
  ) {
    while ends.count < count + capacity {
      ends.append(contentsOf: repeatElement(0, count: ends.count))
      kinds.append(contentsOf: repeatElement(0, count: kinds.count))
    }
    let added = unsafe ends.withUnsafeMutableBufferPointer { ends in
      unsafe kinds.withUnsafeMutableBufferPointer { kinds in
        guard let ends = ends.baseAddress, let kinds = kinds.baseAddress else { return 0 }
        return unsafe body(ends + count, kinds + count)
      }
    }
    count += added
  }

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
