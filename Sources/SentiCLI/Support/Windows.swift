/// Elements in windows, so that memory holds some of them and never all.
struct Windows<Elements: Sequence>: Sequence, IteratorProtocol {
  /// The elements that are still to come.
  private(set) var rest: Elements.Iterator
  private let elementLimit: Int
  private let size: (Elements.Element) -> Int

  /// Prepares the windows.
  ///
  /// - Parameters:
  ///   - elements: All elements; they are asked for one by one.
  ///   - elementLimit: The most elements of a window; enough for every thread unless given.
  ///   - size: The number of bytes that an element holds.
  init(
    _ elements: Elements, elementLimit: Int? = nil, size: @escaping (Elements.Element) -> Int
  ) {
    rest = elements.makeIterator()
    self.elementLimit = elementLimit ?? Self.elementCount
    self.size = size
  }

  /// A window ends at this many elements or bytes: enough to fill batches for every thread.
  static var elementCount: Int { 1024 }
  static var byteCount: Int { 4 << 20 }

  /// Gives the next window; nil at the end.
  mutating func next() -> [Elements.Element]? {
    var (window, bytes) = ([Elements.Element](), 0)
    while window.count < elementLimit, bytes < Self.byteCount, let element = rest.next() {
      bytes += size(element)
      window.append(element)
    }
    return window.isEmpty ? nil : window
  }
}
