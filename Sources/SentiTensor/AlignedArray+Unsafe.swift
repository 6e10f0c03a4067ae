internal import CSentiKernels

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

  /// Whether there are no elements.
  package var isEmpty: Bool { count == 0 }

  /// A copy of all elements.
  package var elements: [Scalar] { self[0..<count] }

  /// The address of the first element, of which a kernel reads.
  ///
  /// Whoever takes it sees to it that the array lives, and nothing writes to it, until the kernel is
  /// done: an argument of the function that calls the kernel does, a variable of its own needs
  /// `extendLifetime`.
  @inlinable @unsafe package var address: UnsafePointer<Scalar> {
    unsafe UnsafePointer(memory.start.assumingMemoryBound(to: Scalar.self))
  }

  /// The address of the first element, to which a kernel writes; no other array shares it.
  ///
  /// Stands as long as ``address`` does.
  @inlinable @unsafe package mutating func mutableAddress() -> UnsafeMutablePointer<Scalar> {
    if count > 0 && !isKnownUniquelyReferenced(&memory) { memory = memory.copy() }
    return unsafe memory.start.assumingMemoryBound(to: Scalar.self)
  }

  /// The element at an index.
  @inlinable package subscript(index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      defer { extendLifetime(memory) }
      return unsafe address[index]
    }
    set {
      precondition(index >= 0 && index < count, "element \(index) of \(count)")
      unsafe mutableAddress()[index] = newValue
    }
  }

  /// A copy of a range of the elements.
  package subscript(range: Range<Int>) -> [Scalar] {
    Kernels<Scalar>.check(range, in: count)
    defer { extendLifetime(memory) }
    return unsafe Array(UnsafeBufferPointer(start: address + range.lowerBound, count: range.count))
  }

  /// Overwrites the elements from an index on.
  package mutating func replace(from start: Int, with elements: [Scalar]) {
    Kernels<Scalar>.check(start..<start + elements.count, in: count)
    unsafe elements.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress else { return }
      unsafe (mutableAddress() + start).update(from: from, count: source.count)
    }
  }
}

/// Memory that begins at a cache line.
///
/// glibc's own aligned memory is of no use to blocks of many sizes that come and go: up to 2.37 it finds
/// none that was freed, and scoring takes twice the memory. So a block is a little longer, and begins at
/// its first line. Small ones are exact, and all of them under the address sanitizer, which is to see
/// where they end.
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
    let isExact = byteCount <= Self.mostExactBytes || CSentiKernels_isAddressSanitized()
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
