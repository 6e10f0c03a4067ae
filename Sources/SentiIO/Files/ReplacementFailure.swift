import Glibc

/// Why a file cannot be made or replaced.
package struct ReplacementFailure: Error, Hashable, Sendable {
  /// The reasons.
  package enum Reason: Hashable, Sendable {
    /// A file stands there, and may not be replaced.
    case exists
    /// Another program is writing the file.
    case isBeingWritten
    /// What an earlier run has left is not what it was, or belongs to somebody else.
    case isForeign
    /// The operating system refused, by its number for the error.
    case system(Int32)
  }

  /// The path of the file, as it was given.
  package let path: String
  /// The reason.
  package let reason: Reason

  package init(_ reason: Reason, path: String) {
    (self.path, self.reason) = (path, reason)
  }

  /// The failure that the last call to the system tells of.
  static func current(_ path: String) -> ReplacementFailure {
    ReplacementFailure(.system(errno), path: path)
  }

  /// The reason in words.
  package var message: String {
    switch reason {
    case .exists: "exists already and is not replaced"
    case .isBeingWritten: "another run is writing it"
    case .isForeign: "is not what an earlier run has left"
    case .system(let code): String(cString: strerror(code))
    }
  }
}
