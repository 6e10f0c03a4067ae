import Glibc

/// A file that one program at a time has open for writing.
///
/// The lock is the system's, so it goes with the program, however that ends.
package struct LockedFile {
  /// The path of the file.
  package let path: String
  /// The open file, which whoever opened it closes.
  package let descriptor: Int32

  /// How often a file is opened anew that was renamed before it was locked.
  private static let attemptCount = 8

  /// Opens and locks a file.
  ///
  /// - Parameters:
  ///   - path: The file, which is no symbolic link.
  ///   - mayExist: Whether it may be there already.
  /// - Throws: A ``ReplacementFailure`` when another program has it, when it exists and may not, or
  ///   when it is somebody else's.
  package init(_ path: String, mayExist: Bool) throws(ReplacementFailure) {
    for _ in 0..<Self.attemptCount {
      let descriptor = try Self.open(path, mayExist: mayExist)
      do throws(ReplacementFailure) {
        try Self.lock(descriptor, path)
        if try Self.isNamed(path, descriptor) {
          (self.path, self.descriptor) = (path, descriptor)
          return
        }
      } catch {
        close(descriptor)
        throw error
      }
      close(descriptor)
    }
    throw ReplacementFailure(.isBeingWritten, path: path)
  }

  private static func open(
    _ path: String, mayExist: Bool
  ) throws(ReplacementFailure) -> Int32 {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
    let name = FileName.cString(path)
    let descriptor = Glibc.open(name, flags | (mayExist ? 0 : O_EXCL), 0o600)
    if descriptor >= 0 { return descriptor }
    guard errno == EEXIST else { throw .current(path) }
    // It tells more that somebody is writing the file than that it is there.
    let other = Glibc.open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard other >= 0 else { throw ReplacementFailure(.exists, path: path) }
    defer { close(other) }
    try lock(other, path)
    throw ReplacementFailure(.exists, path: path)
  }

  /// Takes the lock, where the file system has locks.
  private static func lock(_ descriptor: Int32, _ path: String) throws(ReplacementFailure) {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { throw ReplacementFailure(.isBeingWritten, path: path) }
      guard errno == EINTR else { return }
    }
  }

  /// Whether a path still leads to an open file, which must be an ordinary one of this user's that
  /// has no other name.
  private static func isNamed(
    _ path: String, _ descriptor: Int32
  ) throws(ReplacementFailure) -> Bool {
    var (opened, named) = (stat(), stat())
    guard fstat(descriptor, &opened) == 0 else { throw .current(path) }
    guard lstat(FileName.cString(path), &named) == 0, named.st_ino == opened.st_ino,
      named.st_dev == opened.st_dev
    else { return false }
    guard opened.st_mode & S_IFMT == S_IFREG, opened.st_uid == geteuid(), opened.st_nlink == 1
    else { throw ReplacementFailure(.isForeign, path: path) }
    return true
  }
}
