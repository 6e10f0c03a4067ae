public import ArgumentParser
public import SentiCorpora

/// The rows that a verb reads.
struct RowInputOptions: ParsableArguments {
  @Argument(
    help: "Tables, texts and folders of them; - or a pipe is standard input.", completion: .file())
  var inputs: [String] = []

  @Option(
    help: .file("Read the files whose paths this file lists, one text each; - is standard input."),
    completion: .file())
  var filesFrom: String?

  @Option(help: .name("The field that holds the text of a row."))
  var textField = "text"

  @Option(help: .name("The field by which messages tell rows apart."))
  var idField: String?

  @Option(help: .delimiter)
  var delimiter: Delimiter?

  @Option(help: .inputFormat)
  var inputFormat: InputFormat?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  @Option(help: .count("The longest row that is read, in bytes."))
  var maxRowBytes = RowLimits().maximumByteCount

  func validate() throws {
    if maxRowBytes < 1 {
      throw ValidationError("Expected --max-row-bytes of at least 1, found \(maxRowBytes).")
    }
    if filesFrom != nil && !inputs.isEmpty {
      throw ValidationError("Expected inputs or --files-from, found both.")
    }
    if filesFrom == nil && inputs.isEmpty && Terminal.isInputTerminal {
      throw ValidationError("Expected an input, or rows on standard input.")
    }
    if let format = inputFormat?.format, filesFrom != nil, format != .lines, format != .nul {
      throw ValidationError("Expected lines or nul as the format of a list, found \(format).")
    }
  }
}

/// The byte between two fields of a table.
struct Delimiter: ExpressibleByArgument {
  /// The byte.
  let byte: UInt8

  init?(argument: String) {
    let names = ["comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "pipe": "|"]
    let bytes = Array((names[argument] ?? argument).utf8)
    let reserved = [UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard bytes.count == 1, bytes[0] < 0x80, !reserved.contains(bytes[0]) else { return nil }
    byte = bytes[0]
  }
}

/// The format of a file, as it is named on the command line.
enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, tsv, jsonl, lines, nul

  /// The format.
  var format: CorpusFormat? { CorpusFormat(rawValue: rawValue) }
}

extension TextEncoding: ExpressibleByArgument {
  /// What to do about bytes that are not UTF-8.
  static let hint = "--encoding reads others, such as windows-1252"
}

extension ArgumentHelp {
  /// Help for the encoding of a file.
  static var encoding: ArgumentHelp {
    "The encoding of the input; auto is UTF-16 where the first bytes say so, else UTF-8."
  }

  /// Help for the byte between two fields.
  static var delimiter: ArgumentHelp {
    ArgumentHelp(
      """
      What separates the fields of CSV or TSV: a character, comma, semicolon, pipe or tab \
      (default: by the header).
      """,
      valueName: "character")
  }

  /// Help for a format that need not be told from the name.
  static var inputFormat: ArgumentHelp {
    ArgumentHelp(
      "The format of the input (default: by the end of its name, else by its content).",
      valueName: "format")
  }
}
