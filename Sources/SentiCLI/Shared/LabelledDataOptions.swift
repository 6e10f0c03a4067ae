import ArgumentParser
import SentiCorpora

/// The labelled texts that a verb reads.
struct LabelledDataOptions: ParsableArguments {
  @Argument(
    help: "A folder whose folders are the labels, or a .csv, .tsv or .jsonl file.",
    completion: .file())
  var data: String

  @Option(help: ArgumentHelp("The field that holds the text of a row.", valueName: "name"))
  var textField = "text"

  @Option(help: ArgumentHelp("The field that holds the label of a row.", valueName: "name"))
  var labelField = "label"

  /// The folder of the Large Movie Review Dataset whose reviews nobody has labelled.
  private static let unlabelledFolder = "unsup"

  /// Opens the data.
  ///
  /// - Throws: A ``Failure`` where there are no labels, or a `CorpusError`.
  func reader() throws -> CorpusReader {
    let format = try CorpusFormat.detected(at: data)
    var labels: [String]?
    switch format {
    case .folder: labels = try folderLabels()
    case .lines, .nul: throw noLabels
    case .csv, .tsv, .jsonl: break
    }
    let fields = CorpusFields(text: textField, label: labelField)
    return try CorpusReader(data, format: format, fields: fields, labels: labels)
  }

  /// The folders to read: all but the one of reviews without labels.
  private func folderLabels() throws -> [String] {
    let folder = TextFolder(data)
    guard try folder.hasSubfolders() else { throw noLabels }
    let labels = Set(try folder.labelledEntries().compactMap(\.label))
    if labels.contains(Self.unlabelledFolder) {
      Diagnostics.note("\(data)/\(Self.unlabelledFolder): left out, for its texts have no label")
    }
    return labels.subtracting([Self.unlabelledFolder]).sorted()
  }

  private var noLabels: Failure {
    Failure(
      "\(data): expected labelled texts: a folder of folders, .csv, .tsv or .jsonl", .badData)
  }
}
