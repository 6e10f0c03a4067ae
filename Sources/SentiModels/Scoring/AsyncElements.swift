/// The elements of a sequence as an asynchronous sequence that never waits.
public struct AsyncElements<Base: Sequence & Sendable>: AsyncSequence, Sendable {
  /// An element of the sequence.
  public typealias Element = Base.Element
  /// Nothing is thrown.
  public typealias Failure = Never

  private let base: Base

  /// Takes a sequence.
  init(_ base: Base) { self.base = base }

  /// Makes an iterator.
  public func makeAsyncIterator() -> Iterator { Iterator(base: base.makeIterator()) }

  /// A place in the sequence.
  public struct Iterator: AsyncIteratorProtocol {
    private var base: Base.Iterator

    fileprivate init(base: Base.Iterator) { self.base = base }

    /// Gives the next element, or `nil` at the end.
    public mutating func next() -> Element? { base.next() }
  }
}
