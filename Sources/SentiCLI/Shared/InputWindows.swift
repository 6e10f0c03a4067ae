/// Inputs read in windows, so that memory holds some of them and never all.
struct InputWindows: Sequence, IteratorProtocol {
  /// An input with its bytes, or what is wrong with it.
  typealias Item = Result<(source: InputSource, bytes: [UInt8]), InputFailure>

  /// A window ends at this many inputs or bytes: enough to fill batches for every thread.
  private static let inputCount = 1024
  private static let byteCount = 4 << 20

  private var rest: ArraySlice<Result<InputSource, InputFailure>>

  /// Prepares to read inputs.
  init(_ sources: [Result<InputSource, InputFailure>]) {
    rest = sources[...]
  }

  /// Reads the next window; nil at the end.
  mutating func next() -> [Item]? {
    guard !rest.isEmpty else { return nil }
    var (items, bytes) = ([Item](), 0)
    while items.count < Self.inputCount, bytes < Self.byteCount, let source = rest.popFirst() {
      let item = source.flatMap(Self.read)
      if case .success(let input) = item { bytes += input.bytes.count }
      items.append(item)
    }
    return items
  }

  private static func read(_ source: InputSource) -> Item {
    Result { () throws(InputFailure) in (source, try source.read()) }
  }
}
