import Glibc

/// Where output goes: a file that appears when it is whole, or an open descriptor.
///
/// Bytes gather until there are 64 KiB of them, or until ``flush()``. What ``write(_:)`` takes at
/// once is never torn by the sink, so the output ends with a whole row after each write that it
/// passes on. ``finish()`` completes the file; a sink that is let go before leaves the destination
/// as it was.
///
/// A program that writes to pipes ignores `SIGPIPE`, so that a reader who leaves shows up as
/// ``CorpusError/Problem/readerGone`` instead of ending the process.
public final class ByteSink {
  /// What messages call the sink: a path, or a word such as `standard output`.
  public let name: String
  private let file: AtomicFile?
  private let filter: FilterProgram?
  /// Whether the bytes stay beside the destination when the work is interrupted.
  public let canBeResumed: Bool
  private let descriptor: Int32
  private var isFilterOpen: Bool
  private var pending: [UInt8] = []

  /// The number of bytes that are gathered.
  private static let flushSize = 64 << 10

  /// Opens a file that appears when it is whole, and packs it when its name ends in `.gz` or `.zst`.
  ///
  /// One program at a time may write it.
  ///
  /// - Parameters:
  ///   - path: The destination.
  ///   - overwrite: Whether a file that exists there may be replaced.
  ///   - inputs: The files that are being read, of which the destination must be none.
  /// - Throws: A ``CorpusError`` when the destination is an input, exists and may not be replaced,
  ///   is being written, or cannot be written, or when the program that packs is not installed.
  public convenience init(
    path: String, overwrite: Bool, inputs: [String] = []
  ) throws(CorpusError) {
    try Self.refuse(path, among: inputs)
    let file = try AtomicFile(exclusive: path, overwrite: overwrite)
    try self.init(file, Compression(extensionOf: path), canBeResumed: false)
  }

  /// Opens a file whose beginning stays when the work is interrupted, to be resumed.
  ///
  /// - Parameters:
  ///   - path: The destination, not packed.
  ///   - byteCount: How many bytes of an earlier attempt to keep, which must be there. `nil` starts
  ///     anew.
  ///   - overwrite: Whether a file at the destination, or the beginning that an earlier attempt has
  ///     left, may be replaced.
  ///   - inputs: The files that are being read, of which the destination must be none.
  /// - Throws: A ``CorpusError``, as ``init(path:overwrite:inputs:)``.
  /// - Precondition: The name does not end in `.gz` or `.zst`.
  public convenience init(
    resumable path: String, keeping byteCount: Int? = nil, overwrite: Bool, inputs: [String] = []
  ) throws(CorpusError) {
    let compression = Compression(extensionOf: path)
    precondition(compression == nil, "expected a file that is not packed, found \(path)")
    try Self.refuse(path, among: inputs)
    let file = try AtomicFile(resumable: path, keeping: byteCount, overwrite: overwrite)
    try self.init(file, nil, canBeResumed: file.canBeResumed)
  }

  /// Writes to a descriptor that is open already, and leaves it open.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 1 for standard output.
  ///   - name: What messages call it.
  public init(descriptor: Int32, name: String) {
    self.name = name
    self.descriptor = descriptor
    file = nil
    filter = nil
    canBeResumed = false
    isFilterOpen = false
  }

  /// Writes to a descriptor, unless it leads to a file that is being read.
  ///
  /// - Parameters:
  ///   - descriptor: A descriptor, such as 1 for standard output.
  ///   - name: What messages call it.
  ///   - inputs: The files that are being read.
  /// - Throws: A ``CorpusError`` when the descriptor leads to one of them.
  public convenience init(
    descriptor: Int32, name: String, inputs: [String]
  ) throws(CorpusError) {
    try Self.refuse("/proc/self/fd/\(descriptor)", among: inputs, name: name)
    self.init(descriptor: descriptor, name: name)
  }

  private init(
    _ file: AtomicFile, _ compression: Compression?, canBeResumed: Bool
  ) throws(CorpusError) {
    self.file = file
    self.canBeResumed = canBeResumed
    name = file.path
    guard let compression else {
      (filter, descriptor, isFilterOpen) = (nil, file.descriptor, false)
      return
    }
    do {
      (filter, descriptor) = try FilterProgram.writing(to: file.descriptor, compression.packing)
      isFilterOpen = true
    } catch {
      throw CorpusError(.unwritable(reason: error.reason), path: file.path)
    }
  }

  deinit {
    if isFilterOpen { close(descriptor) }
  }

  /// Adds bytes to the output.
  ///
  /// - Parameter pieces: Bytes that belong together, such as those of a row.
  /// - Throws: A ``CorpusError`` with the operating system's reason, such as a full disk.
  public func write(_ pieces: [ArraySlice<UInt8>]) throws(CorpusError) {
    var hasLongPiece = false
    for piece in pieces {
      if piece.count < Self.flushSize {
        pending.append(contentsOf: piece)
      } else {
        hasLongPiece = true
        try flush()
        try pass(piece)
      }
    }
    if hasLongPiece || pending.count >= Self.flushSize { try flush() }
  }

  /// Passes on what has gathered.
  ///
  /// - Throws: A ``CorpusError``, as ``write(_:)``.
  public func flush() throws(CorpusError) {
    defer { pending.removeAll(keepingCapacity: true) }
    try pass(pending[...])
  }

  /// Passes on what has gathered, and gives the file its name.
  ///
  /// - Throws: A ``CorpusError``, as ``write(_:)``, and when the file cannot be completed.
  public func finish() throws(CorpusError) {
    try flush()
    try finishPacking()
    try file?.commit()
  }

  /// Writes to the file, or to the program that packs it.
  private func pass(_ bytes: ArraySlice<UInt8>) throws(CorpusError) {
    do {
      try writeAll(bytes, to: descriptor, name: name)
    } catch {
      // A program that packs and has gone left a better reason than a broken pipe.
      if error.problem == .readerGone { try finishPacking() }
      throw error
    }
  }

  private func finishPacking() throws(CorpusError) {
    if isFilterOpen { close(descriptor) }
    isFilterOpen = false
    do {
      try filter?.finish()
    } catch {
      throw CorpusError(.unwritable(reason: error.reason), path: name)
    }
  }

  private static func refuse(
    _ path: String, among inputs: [String], name: String? = nil
  ) throws(CorpusError) {
    guard !inputs.contains(where: { FileSystem.areSame($0, path) }) else {
      throw CorpusError(.isInput, path: name ?? path)
    }
  }
}
