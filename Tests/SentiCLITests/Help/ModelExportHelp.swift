extension Help {
  static let modelExport = """
    OVERVIEW: Write a model in another program's format.

    With --onnx, the file runs in ONNX Runtime and others, on batches of any size:
    `tokens` (int64, [batch, time], filled up with any id) and `lengths` (int64,
    [batch]) give `probabilities` and `logits` (float, [batch, classes]). Its
    metadata holds labels, normalization and vocabulary; `senti tokenize --vocab`
    makes the ids.

    A captioner or translator becomes two files: of NAME.onnx, NAME-encoder.onnx
    and NAME-decoder.onnx. The encoder takes `vectors` (float, [batch, width]), or
    `tokens` and `lengths` of texts that end with <eos>; it gives `states`, and
    `memory` where there is attention. The decoder takes `tokens` (int64, [batch],
    first <bos>), `states`, and `memory` and `lengths` where there are any; it
    gives `log_probabilities`, `logits`, `next_states` and `attention`. Each row is
    a text, so that a search may keep, repeat and drop rows.

    For PyTorch nothing need be exported: a model file has its names and its gate
    order. With --safetensors, the file itself is written: that of the model inside
    senti has no path.

    Examples:
      senti model export --onnx -o english.onnx
      senti model export en-de.safetensors --onnx -o en-de.onnx --force

    USAGE: senti model export [<file>] --onnx --safetensors --output <file> [--force]

    ARGUMENTS:
      <file>                  A model file (default: the English model that comes
                              with senti).

    OPTIONS:
      --onnx/--safetensors    The format to write.
      -o, --output <file>     Where to write the model.
      --force                 Replace the file if it exists.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
