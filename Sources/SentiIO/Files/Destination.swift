import Glibc

/// Where a file is to be made or replaced, with symbolic links followed.
struct Destination {
  /// What stands there.
  enum Kind: Equatable {
    /// A file, or nothing yet.
    case file(exists: Bool)
    /// A device, a pipe or a socket.
    case special
  }

  /// The path behind all symbolic links.
  let path: String
  let kind: Kind

  /// The most links that are followed one after the other, as many as the system's own functions do.
  private static let maximumLinkCount = 40

  /// Looks at a path.
  ///
  /// - Throws: A ``ReplacementFailure`` when a folder stands there, or when links go in circles.
  init(_ path: String) throws(ReplacementFailure) {
    var information = stat()
    guard stat(FileName.cString(path), &information) == 0 else {
      guard errno == ENOENT else { throw .current(path) }
      (self.path, kind) = (try Self.target(of: path), .file(exists: false))
      return
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG: (self.path, kind) = (try Self.target(of: path), .file(exists: true))
    case S_IFDIR: throw ReplacementFailure(.system(EISDIR), path: path)
    default: (self.path, kind) = (path, .special)
    }
  }

  /// The folder with the slash at its end; empty for the current one.
  var folder: String { Self.folder(of: path) }

  /// The part of a path up to its last slash.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Follows symbolic links, also where the last leads to nothing yet.
  private static func target(of path: String) throws(ReplacementFailure) -> String {
    var current = path
    for _ in 0..<maximumLinkCount {
      guard let next = link(at: current) else { return current }
      current = next.hasPrefix("/") ? next : folder(of: current) + next
    }
    throw ReplacementFailure(.system(ELOOP), path: path)
  }

  /// What a symbolic link says; `nil` for what is none.
  private static func link(at path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(FileName.cString(path), &buffer, buffer.count)
    guard count > 0 else { return nil }
    return FileName.string(buffer.prefix(count).map { UInt8(bitPattern: $0) })
  }
}
