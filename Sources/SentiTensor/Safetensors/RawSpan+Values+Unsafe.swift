extension RawSpan {
  /// Reads one value, whatever its alignment.
  ///
  /// - Parameter offset: Where the value begins; a value that passes the end stops the process.
  /// - Returns: The value of which the byte at `offset` is the least significant.
  @inline(__always)
  func value<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
    unsafe Value(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// Takes the bytes as values, one after the other, and converts each; a short rest is left out.
  ///
  /// - Parameter convert: Makes one element of one value.
  /// - Returns: The elements.
  /// - Complexity: O(`byteCount`), with one allocation.
  @inline(__always)
  func map<Value: FixedWidthInteger & BitwiseCopyable, Element>(
    _ convert: (Value) -> Element
  ) -> [Element] {
    let width = MemoryLayout<Value>.size
    let elementCount = byteCount / width
    // All empty arrays share one storage, whose count the closure below would write.
    guard elementCount > 0 else { return [] }
    return unsafe [Element](unsafeUninitializedCapacity: elementCount) { elements, count in
      for index in 0..<elementCount {
        let bits = unsafe unsafeLoadUnaligned(
          fromUncheckedByteOffset: index &* width, as: Value.self)
        unsafe elements.initializeElement(at: index, to: convert(Value(littleEndian: bits)))
      }
      count = elementCount
    }
  }

  /// Takes the bytes as values and finds out whether all bits of a mask are set in one of them: an
  /// exponent's are where a number is infinite or none.
  ///
  /// - Parameter mask: Neighbouring bits, without the highest.
  /// - Returns: Whether there is such a value.
  /// - Complexity: O(`byteCount`), without an allocation.
  @inline(__always)
  func holdsValue<Value: FixedWidthInteger & BitwiseCopyable>(with mask: Value) -> Bool {
    let (width, lowest) = (MemoryLayout<Value>.size, mask & (0 &- mask))
    var sums: Value = 0
    for index in 0..<byteCount / width {
      let bits = unsafe unsafeLoadUnaligned(
        fromUncheckedByteOffset: index &* width, as: Value.self)
      sums |= (Value(littleEndian: bits) & mask) &+ lowest
    }
    // Only where all bits are set does a sum leave the mask.
    return sums & ~mask != 0
  }

  /// Whether a value is found among those that the bytes hold one behind the other.
  func contains<Value: FixedWidthInteger & BitwiseCopyable>(where isFound: (Value) -> Bool) -> Bool
  {
    let width = MemoryLayout<Value>.size
    return (0..<byteCount / width).contains { index in
      let bits = unsafe unsafeLoadUnaligned(
        fromUncheckedByteOffset: index &* width, as: Value.self)
      return isFound(Value(littleEndian: bits))
    }
  }
}

extension [UInt8] {
  /// Calls `body` with the bytes, which must not leave the closure.
  func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try body(span.bytes)
  }

  /// The bytes of the values that elements are converted to, least significant byte first.
  ///
  /// - Parameters:
  ///   - elements: What to store.
  ///   - convert: Makes the stored value of one element.
  /// - Complexity: O(`elements.count`), with one allocation.
  @inline(__always)
  init<Source, Value: FixedWidthInteger & BitwiseCopyable>(
    _ elements: Span<Source>, _ convert: (Source) -> Value
  ) {
    let width = MemoryLayout<Value>.size
    let byteCount = elements.count * width
    // All empty arrays share one storage, whose count the closure below would write.
    guard byteCount > 0 else {
      self = []
      return
    }
    unsafe self.init(unsafeUninitializedCapacity: byteCount) { bytes, count in
      let target = UnsafeMutableRawBufferPointer(bytes)
      for index in elements.indices {
        let value = convert(elements[index]).littleEndian
        unsafe target.storeBytes(of: value, toByteOffset: index &* width, as: Value.self)
      }
      count = byteCount
    }
  }
}
