import ArgumentParser
import SentiCorpora

/// The labelled texts that a verb reads.
struct LabelledDataOptions: ParsableArguments {
  @Argument(
    help: "A folder whose folders are the labels, or a table; - is standard input.",
    completion: .file())
  var data: String

  @Option(help: .name("The field that holds the text of a row."))
  var textField = Self.textField

  @Option(help: .name("The field that holds the label of a row."))
  var labelField = Self.labelField

  @OptionGroup var labels: LabelOptions

  @Option(help: .delimiter)
  var delimiter: Delimiter?

  @Option(help: .inputFormat)
  var inputFormat: InputFormat?

  @Option(help: .encoding)
  var encoding = TextEncoding.auto

  /// The folder of the Large Movie Review Dataset whose reviews nobody has labelled.
  private static let unlabelledFolder = "unsup"

  private static let (textField, labelField) = ("text", "label")

  /// Whether all options are as they are where none is given.
  var isPlain: Bool {
    textField == Self.textField && labelField == Self.labelField && delimiter == nil
      && inputFormat == nil && encoding == .auto && labels.isPlain
  }

  /// The number of bytes of a plain file; nil for anything else.
  var byteCount: Int? {
    data == "-" || Compression(extensionOf: data) != nil ? nil : RowInput.fileSize(data)
  }

  /// Opens the data.
  ///
  /// - Throws: A ``Failure`` where there are no labels, or a `CorpusError`.
  func reader() throws -> CorpusReader { try reader(of: data) }

  /// Opens labelled texts that have the same fields.
  ///
  /// - Throws: A ``Failure`` where there are no labels, or a `CorpusError`.
  func reader(
    of data: String, softLabel: String? = nil, weight: String? = nil, group: String? = nil
  ) throws -> CorpusReader {
    let fields = CorpusFields(
      text: textField, label: labelField, softLabel: softLabel, weight: weight, group: group)
    if data != "-", (try? CorpusFormat.detected(at: data)) == .folder {
      guard group == nil else {
        throw Failure("\(data): expected a table with --by, found a folder", .usage)
      }
      return try CorpusReader(
        data, format: .folder, fields: fields, labels: Self.folderLabels(data),
        encoding: encoding)
    }
    let bytes = try ByteSource.argument(data, encoding: encoding)
    let format = inputFormat?.format ?? CorpusFormat(extensionOf: data)
    if format == .lines || format == .nul { throw Self.noLabels(data) }
    let rows = try RowReader(
      bytes, format: format, delimiter: delimiter?.byte, textField: textField)
    if rows.layout.format == .lines || rows.layout.format == .nul { throw Self.noLabels(data) }
    return try CorpusReader(rows, fields: fields)
  }

  /// The folders to read: all but the one of reviews without labels.
  private static func folderLabels(_ data: String) throws -> [String] {
    let folder = TextFolder(data)
    guard try folder.hasSubfolders() else { throw noLabels(data) }
    let labels = Set(try folder.labelledEntries().compactMap(\.label))
    if labels.contains(unlabelledFolder) {
      Diagnostics.note("\(data)/\(unlabelledFolder): left out, for its texts have no label")
    }
    return labels.subtracting([unlabelledFolder]).sorted()
  }

  private static func noLabels(_ data: String) -> Failure {
    Failure(
      "\(data): expected labelled texts: a folder of folders, CSV, TSV or JSON Lines", .badData)
  }
}
