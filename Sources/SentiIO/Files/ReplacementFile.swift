import Glibc

/// A file that takes another's place when it is whole.
///
/// The bytes go to a file beside the destination that nobody else may read. ``commit()`` brings them to
/// disk, gives the file the permissions, and where that is allowed the owner, of the one that it
/// replaces, and then its name. A destination that is a symbolic link is followed: the file that it
/// leads to is made or replaced, and the link stays. A device or named pipe is written to directly.
package final class ReplacementFile {
  /// What becomes of the bytes when the work is interrupted.
  package enum Kind {
    /// They are removed; the file beside the destination has a name that nobody can foresee.
    case temporary
    /// They are removed; the file has `.partial` behind its name, and one program at a time may write
    /// it.
    case exclusive
    /// They stay in a file with `.partial` behind its name, which one program at a time may write;
    /// so many bytes of an earlier attempt are kept, or with `nil` none.
    case resumable(keeping: Int?)
  }

  /// The path that was asked for.
  package let path: String
  /// Where the bytes go.
  package private(set) var descriptor: Int32
  private let destination: String
  private let partialPath: String?
  private let keepsPartial: Bool
  private let overwrites: Bool
  private var isCommitted = false

  /// Opens a file beside a destination.
  ///
  /// - Parameters:
  ///   - path: The destination.
  ///   - overwriting: Whether a file there, or what an earlier attempt has left, may be replaced.
  ///   - kind: What becomes of the bytes when the work is interrupted.
  /// - Throws: A ``ReplacementFailure``.
  package init(
    _ path: String, overwriting: Bool, kind: Kind = .temporary
  ) throws(ReplacementFailure) {
    self.path = path
    overwrites = overwriting
    let destination = try Destination(path)
    self.destination = destination.path
    if case .file(exists: true) = destination.kind, !overwriting {
      throw ReplacementFailure(.exists, path: path)
    }
    switch (destination.kind, kind) {
    case (.special, _):
      (partialPath, keepsPartial) = (nil, true)
      descriptor = open(FileName.cString(path), O_WRONLY | O_CLOEXEC)
    case (.file, .temporary):
      let name = destination.folder + ".senti-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      (partialPath, keepsPartial) = (name, false)
      descriptor = open(
        FileName.cString(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    case (.file, .resumable(let byteCount)):
      let partial = try Self.locked(
        destination.path, mayExist: byteCount != nil || overwriting, as: path)
      (partialPath, keepsPartial) = (partial.path, true)
      descriptor = partial.descriptor
      try keep(byteCount ?? 0)
    case (.file, .exclusive):
      let partial = try Self.locked(destination.path, mayExist: overwriting, as: path)
      (partialPath, keepsPartial) = (partial.path, false)
      descriptor = partial.descriptor
      try keep(0)
    }
    guard descriptor >= 0 else { throw .current(path) }
  }

  deinit {
    discard()
  }

  private static let suffix = ".partial"

  /// Opens the file of a write that locks it; what the system refuses is told of the file that was asked
  /// for.
  private static func locked(
    _ destination: String, mayExist: Bool, as path: String
  ) throws(ReplacementFailure) -> LockedFile {
    do {
      return try LockedFile(destination + suffix, mayExist: mayExist)
    } catch {
      guard case .system = error.reason else { throw error }
      throw ReplacementFailure(error.reason, path: path)
    }
  }

  /// Whether the bytes stay in a file beside the destination when the work is interrupted.
  package var canBeResumed: Bool { partialPath != nil && keepsPartial }

  /// Names the file that a resumable file has until it is committed.
  ///
  /// - Parameter path: The destination.
  /// - Returns: What the destination leads to, with `.partial` behind it.
  package static func partialPath(for path: String) -> String {
    ((try? Destination(path))?.path ?? path) + suffix
  }

  /// Cuts off what an earlier attempt has left behind the first bytes.
  private func keep(_ byteCount: Int) throws(ReplacementFailure) {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .current(path) }
    guard Int(information.st_size) >= byteCount else {
      throw ReplacementFailure(.isForeign, path: path)
    }
    guard ftruncate(descriptor, byteCount) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw .current(path)
    }
  }

  /// Adds bytes to the end.
  package func write(_ bytes: [UInt8]) throws(ReplacementFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(1 << 20))
      let count = Glibc.write(descriptor, piece, piece.count)
      if count > 0 { rest = rest.dropFirst(count) }
      guard count >= 0 || errno == EINTR else { throw .current(path) }
    }
  }

  /// Brings the bytes to disk and gives the file its name.
  ///
  /// - Throws: A ``ReplacementFailure`` when the disk is full, or when a file has meanwhile appeared
  ///   at the destination that may not be replaced.
  package func commit() throws(ReplacementFailure) {
    defer { discard() }
    guard let partialPath else { return }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .current(path) }
    adoptPermissions()
    try giveName(to: partialPath)
    isCommitted = true
    synchronizeFolder()
  }

  /// Takes over the permissions of the file that is replaced, or those of a new file.
  private func adoptPermissions() {
    var old = stat()
    guard stat(FileName.cString(destination), &old) == 0 else {
      let mask = umask(0o077)
      umask(mask)
      fchmod(descriptor, 0o666 & ~mask)
      return
    }
    // Owner before mode: a change of owner takes away what lets a program run as its owner.
    var ours = stat()
    let isOurs = fstat(descriptor, &ours) == 0 && ours.st_uid == old.st_uid
    let isOwned =
      (isOurs && ours.st_gid == old.st_gid) || fchown(descriptor, old.st_uid, old.st_gid) == 0
    let isGrouped = isOwned || fchown(descriptor, uid_t.max, old.st_gid) == 0
    fchmod(descriptor, old.st_mode & (isOwned ? 0o7777 : isGrouped ? 0o0777 : 0o0707))
  }

  private func giveName(to partialPath: String) throws(ReplacementFailure) {
    let (old, new) = (FileName.cString(partialPath), FileName.cString(destination))
    if overwrites {
      guard rename(old, new) == 0 else { throw .current(path) }
      return
    }
    if link(old, new) == 0 {
      unlink(old)
      return
    }
    switch errno {
    case EEXIST: throw ReplacementFailure(.exists, path: path)
    // A file system without links; its files are seen to be missing and then named.
    case EPERM, ENOTSUP, ENOSYS, EMLINK:
      guard access(new, F_OK) != 0 else { throw ReplacementFailure(.exists, path: path) }
      guard rename(old, new) == 0 else { throw .current(path) }
    default: throw .current(path)
    }
  }

  /// Makes the name itself last; a file system that cannot do so for folders is let be.
  private func synchronizeFolder() {
    let folder = Destination.folder(of: destination)
    let descriptor = open(
      FileName.cString(folder.isEmpty ? "." : folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Closes the file and removes what has not been given its name.
  package func discard() {
    guard descriptor >= 0 else { return }
    // Unlinked first: once it is closed, or has its name, the other may be another run's.
    if let partialPath, !keepsPartial, !isCommitted { unlink(FileName.cString(partialPath)) }
    close(descriptor)
    descriptor = -1
  }
}

extension ReplacementFile {
  /// Writes bytes to a file in one go.
  ///
  /// - Parameters:
  ///   - pieces: All that the file is to hold.
  ///   - path: The destination.
  ///   - overwriting: Whether a file that exists there may be replaced.
  /// - Throws: A ``ReplacementFailure``.
  package static func write(
    _ pieces: [[UInt8]], to path: String, overwriting: Bool
  ) throws(ReplacementFailure) {
    let file = try ReplacementFile(path, overwriting: overwriting)
    for piece in pieces { try file.write(piece) }
    try file.commit()
  }
}
