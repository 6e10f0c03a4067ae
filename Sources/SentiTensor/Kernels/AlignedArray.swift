/// Elements that begin at a cache line, so that no vector of the kernels lies across two.
///
/// An array begins 32 bytes behind what `malloc` gives, whatever its elements' alignment, and so in the
/// middle of a line of 64 bytes: each vector of as many bytes would touch two lines. A step of an LSTM
/// of 256 units on 64 sequences takes 8 % longer so on a Zen 5.
///
/// A value type with copy on write.
package struct AlignedArray<Scalar: MatrixScalar>: Sendable {
  @usableFromInline var memory: AlignedMemory

  /// How many elements there are.
  package let count: Int

  /// Creates an array of zeros; all bits of a zero are zero in both element types.
  package init(zeros count: Int) {
    memory = count == 0 ? .empty : AlignedMemory(byteCount: count * MemoryLayout<Scalar>.stride)
    self.count = count
  }

  /// Copies elements.
  package init(_ elements: [Scalar]) {
    self.init(zeros: elements.count)
    replace(from: 0, with: elements)
  }

  /// The element at an index.
  @inlinable package subscript(index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      return unsafe withUnsafeBufferPointer { unsafe $0[index] }
    }
    set {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      unsafe withUnsafeMutableBufferPointer { unsafe $0[index] = newValue }
    }
  }

  /// A copy of a range of the elements.
  package subscript(range: Range<Int>) -> [Scalar] {
    Kernels<Scalar>.check(range, in: count)
    return unsafe withUnsafeBufferPointer { unsafe Array($0[range]) }
  }

  /// Overwrites the elements from an index on.
  package mutating func replace(from start: Int, with elements: [Scalar]) {
    Kernels<Scalar>.check(start..<start + elements.count, in: count)
    unsafe withUnsafeMutableBufferPointer { target in
      guard let to = target.baseAddress else { return }
      unsafe elements.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress else { return }
        unsafe (to + start).update(from: from, count: source.count)
      }
    }
  }
}

/// Memory that begins at a cache line.
///
/// glibc's own aligned memory is of no use to blocks of many sizes that come and go: up to 2.37 it finds
/// none that was freed, and scoring takes twice the memory. So a block is a little longer, and begins at
/// its first line. Small ones are exact, because the address sanitizer is to see where they end.
///
/// Owned by arrays, which write to it only where no other array owns it too; hence
/// `@unchecked Sendable` is sound.
@safe @usableFromInline final class AlignedMemory: @unchecked Sendable {
  private static let lineSize = 64
  private static let mostExactBytes = 16 << 10
  /// What empty arrays share, since kernels ask for an address.
  static let empty = AlignedMemory(byteCount: 0)

  @usableFromInline let start: UnsafeMutableRawPointer
  private let block: UnsafeMutableRawPointer
  private let byteCount: Int

  /// Allocates zeros.
  init(byteCount: Int) {
    self.byteCount = byteCount
    let isExact = byteCount <= Self.mostExactBytes
    unsafe block = .allocate(
      byteCount: isExact ? byteCount : byteCount + Self.lineSize,
      alignment: isExact ? Self.lineSize : MemoryLayout<Double>.alignment)
    unsafe start = block.alignedUp(toMultipleOf: Self.lineSize)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  deinit {
    unsafe block.deallocate()
  }

  @usableFromInline func copy() -> AlignedMemory {
    let copy = AlignedMemory(byteCount: byteCount)
    unsafe copy.start.copyMemory(from: start, byteCount: byteCount)
    return copy
  }
}

/// Elements that lie one behind the other: an arena's array, or a matrix's aligned one.
package protocol ContiguousElements<Element> {
  associatedtype Element
  var count: Int { get }

  func withUnsafeBufferPointer<Result, Failure>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result

  mutating func withUnsafeMutableBufferPointer<Result, Failure>(
    _ body: (inout UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result
}

extension Array: ContiguousElements {}

extension AlignedArray: ContiguousElements {
  @inlinable package func withUnsafeBufferPointer<Result, Failure>(
    _ body: (UnsafeBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { extendLifetime(memory) }
    let start = unsafe memory.start.assumingMemoryBound(to: Scalar.self)
    return try unsafe body(UnsafeBufferPointer(start: start, count: count))
  }

  @inlinable package mutating func withUnsafeMutableBufferPointer<Result, Failure>(
    _ body: (inout UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if count > 0 && !isKnownUniquelyReferenced(&memory) { memory = memory.copy() }
    defer { extendLifetime(memory) }
    let start = unsafe memory.start.assumingMemoryBound(to: Scalar.self)
    var elements = unsafe UnsafeMutableBufferPointer(start: start, count: count)
    return try unsafe body(&elements)
  }
}
