import Glibc
import SentiCorpora

/// The rule for files that a verb makes: nothing is replaced unless asked.
enum OutputFile {
  /// Refuses a path at which nothing can be made, before any work is done for it.
  ///
  /// - Parameters:
  ///   - path: The path.
  ///   - replacing: Whether a file there may be replaced.
  ///   - inputs: The files that are read, of which none is ever replaced.
  /// - Throws: A ``Failure`` where a file stands and may not be replaced, where something else than
  ///   a file stands, or where the folder is missing or read-only.
  static func requireFree(
    _ path: String, replacing: Bool, reading inputs: [String?] = []
  ) throws(Failure) {
    var information = stat()
    if inputs.contains(where: { $0.map { FileSystem.areSame($0, path) } ?? false }) {
      throw Failure(CorpusError(.isInput, path: path))
    }
    guard stat(path, &information) == 0 else { return try requireFolder(of: path) }
    switch information.st_mode & S_IFMT {
    case S_IFREG where replacing: try requireFolder(of: path)
    case S_IFREG: throw Failure(CorpusError(.alreadyExists, path: path))
    case S_IFDIR: throw Failure("\(path): expected a file, found a folder", .inputOutput)
    default: throw Failure("\(path): expected a file, found a device or pipe", .inputOutput)
    }
  }

  private static func requireFolder(of path: String) throws(Failure) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    guard access(folder, W_OK | X_OK) != 0 else { return }
    let problem = CorpusError.Problem.unwritable(reason: String(cString: strerror(errno)))
    throw Failure(CorpusError(problem, path: path))
  }
}
