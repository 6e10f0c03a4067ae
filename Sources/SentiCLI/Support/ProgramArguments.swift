import SentiCorpora
import SentiIO

/// The words of the command line, of which none loses a byte.
enum ProgramArguments {
  /// All words but the program's name; nil where the system does not tell them.
  ///
  /// The standard library repairs what is not UTF-8, and so would name another file.
  static var all: [String]? {
    let source = try? ByteSource(path: "/proc/self/cmdline", encoding: .utf8)
    guard let source, let bytes = try? TextFile.read(source), bytes.last == 0 else { return nil }
    let words = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
    return words.dropFirst().map { FileName.string(Array($0)) }
  }
}
