import Glibc
import SentiCorpora
import SentiIO

/// The rule for files that a verb makes: nothing is replaced unless asked.
enum OutputFile {
  /// Refuses a path at which nothing can be made, before any work is done for it.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - replacing: Whether a file there may be replaced.
  ///   - inputs: The files that are read, of which none is ever replaced.
  /// - Throws: A ``Failure`` where a file stands and may not be replaced, where a folder stands, or
  ///   where the folder around it is missing or read-only.
  static func requireFree(
    _ path: String, replacing: Bool, reading inputs: [String?] = []
  ) throws(Failure) {
    var information = stat()
    let files = inputs.compactMap(\.self).map(InputSource.systemPath)
    if files.contains(where: { FileSystem.areSame($0, path) }) {
      throw Failure(CorpusError(.isInput, path: path))
    }
    guard stat(FileName.cString(path), &information) == 0 else {
      return try requireFolder(of: path)
    }
    switch information.st_mode & S_IFMT {
    case S_IFREG where replacing: try requireFolder(of: path)
    case S_IFREG: throw Failure(CorpusError(.alreadyExists, path: path))
    case S_IFDIR: throw failure(path, code: EISDIR)
    // A device or pipe is written to as it is.
    default: break
    }
  }

  /// Whether a named pipe stands at a path.
  static func isPipe(_ path: String) -> Bool {
    var information = stat()
    return stat(FileName.cString(path), &information) == 0
      && information.st_mode & S_IFMT == S_IFIFO
  }

  private static func requireFolder(of path: String) throws(Failure) {
    // Where a link leads, the file is made beside what it leads to.
    let partial = AtomicFile.partialPath(for: path)
    let folder = partial.lastIndex(of: "/").map { String(partial[...$0]) } ?? "."
    guard access(FileName.cString(folder), W_OK | X_OK) != 0 else { return }
    throw failure(path, code: errno)
  }

  private static func failure(_ path: String, code: Int32) -> Failure {
    let problem = CorpusError.Problem.unwritable(reason: String(cString: strerror(code)))
    return Failure(CorpusError(problem, path: path))
  }
}
