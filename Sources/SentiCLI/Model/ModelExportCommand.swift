import ArgumentParser
import SentiModels

/// `senti model export`: a model for other programs.
struct ModelExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Export a model to another program's format.",
    discussion: """
      With --onnx, the file runs in ONNX Runtime and others, on batches of any size: `tokens` \
      (int64, [batch, time], filled up with any id) and `lengths` (int64, [batch]) give \
      `probabilities` and `logits` (float, [batch, classes]). Its metadata holds labels, \
      normalization and vocabulary; `senti tokenize --vocab` makes the ids.

      A captioner or translator becomes two files: of NAME.onnx, NAME-encoder.onnx and \
      NAME-decoder.onnx. The encoder takes `vectors` (float, [batch, width]), or `tokens` and \
      `lengths` of texts that end with <eos>; it gives `states`, and `memory` where there is \
      attention. The decoder takes `tokens` (int64, [batch], first <bos>), `states`, and `memory` \
      and `lengths` where there are any; it gives `log_probabilities`, `logits`, `next_states` \
      and `attention`. Each row is a text, so that a search may keep, repeat and drop rows.

      A forecaster takes `features` (float, [batch, window, width]), `direct` (float, [batch, width]) \
      where there are lags or known columns, and `series` (int64, [batch]) where series have vectors; \
      it gives `distances` (float, [batch, horizon, quantiles]). The documentation's article \
      Forecasting says how numbers become these.

      For PyTorch nothing need be exported: a model file has its names and its gate order. With \
      --safetensors, the file itself is written: that of the model inside senti has no path.

      Examples:
        senti model export --onnx -o english.onnx
        senti model export en-de.safetensors --onnx -o en-de.onnx --force
      """)

  @Argument(
    help: "A model file, or small (default: the accurate English model that comes with senti).",
    completion: .file(extensions: ["safetensors"]))
  var file: String?

  @Flag(help: "The format to write.")
  var format: Format

  @Option(
    name: .shortAndLong, help: .file("The model file to write."),
    completion: .file(extensions: ["onnx", "safetensors"]))
  var output: String

  @Flag(help: "Replace the file if it exists.")
  var force = false

  /// The formats that a model can be written in.
  enum Format: EnumerableFlag {
    case onnx
    case safetensors
  }

  func run() throws {
    let source = ModelSource(argument: file)
    let kind = try source.kind()
    switch format {
    case .safetensors:
      try requireFree([output])
      try source.write(to: output, overwriting: force)
    case .onnx where GenerationModel.Kind(rawValue: kind) != nil:
      let files = GenerationModel.onnxPaths(output)
      try requireFree([files.encoder, files.decoder])
      let model = try GenerationModel(source)
      try Failure.requireFull(model.precision, source)
      try model.writeONNX(to: output, overwriting: force)
    case .onnx where kind == Forecaster.kind:
      try requireFree([output])
      try Forecaster(source).writeONNX(to: output, overwriting: force)
    case .onnx:
      try requireFree([output])
      let classifier = try SentimentClassifier(source)
      try Failure.requireFull(classifier.precision, source)
      try classifier.writeONNX(to: output, overwriting: force)
    }
  }

  private func requireFree(_ outputs: [String]) throws {
    for output in outputs {
      try OutputFile.requireFree(output, replacing: force, reading: [file])
    }
  }
}
