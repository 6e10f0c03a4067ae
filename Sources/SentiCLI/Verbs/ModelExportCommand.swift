import ArgumentParser
import SentiModels

/// `senti model export`: a model for other programs.
struct ModelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model in another program's format.",
    discussion: """
      With --onnx, the file runs in ONNX Runtime and others, on batches of any size: `tokens` \
      (int64, [batch, time], filled up with any id) and `lengths` (int64, [batch]) give \
      `probabilities` and `logits` (float, [batch, classes]). Its metadata holds labels, \
      normalization and vocabulary; `senti tokenize --vocab` makes the ids.

      For PyTorch nothing need be exported: a model file has its names and its gate order.

      Examples:
        senti model export --onnx -o english.onnx
        senti model export my.safetensors --onnx -o my.onnx --force
      """)

  @Argument(
    help: "A model file (default: the English model that comes with senti).",
    completion: .file(extensions: ["safetensors"]))
  var file: String?

  @Flag(help: "The format to write.")
  var format: Format

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where to write the model.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var output: String

  @Flag(help: "Replace the file if it exists.")
  var force = false

  /// The formats that a model can be written in.
  enum Format: EnumerableFlag {
    case onnx
  }

  func run() throws {
    try OutputFile.requireFree(output, replacing: force)
    let path = file ?? SentimentClassifier.bundledEnglishPath
    let classifier = try SentimentClassifier(contentsOf: path)
    try classifier.requireFullPrecision(path)
    try classifier.writeONNX(to: output, overwriting: force)
  }
}
