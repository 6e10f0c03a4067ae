import Glibc
import SentiCorpora

/// The rule for files that a verb makes: nothing is replaced unless asked.
enum OutputFile {
  /// Refuses a path at which a file stands, before any work is done for it.
  ///
  /// - Throws: A ``Failure`` that names the option which replaces files.
  static func requireFree(_ path: String, replacing: Bool) throws(Failure) {
    var information = stat()
    guard stat(path, &information) == 0 else { return }
    if information.st_mode & S_IFMT == S_IFDIR {
      throw Failure("\(path): expected a file, found a folder", .inputOutput)
    }
    if !replacing { throw Failure(CorpusError(.alreadyExists, path: path)) }
  }
}
