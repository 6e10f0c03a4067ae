extension Help {
  static let modelQuantize = """
    OVERVIEW: Write a model with rounded weights, and say what rounding costs.

    Weights become 8-bit integers, a scale for each row, or bfloat16 numbers;
    states are rounded alike while the net computes, and sums are exact or in
    single precision. In 8-bit integers the model is about half as large as the
    usual file in half precision, and faster; in bfloat16 it is as large, and
    faster where the processor multiplies such numbers. A text still has the same
    score, to the bit, in any batch.

    Both models are scored on labelled texts, which neither should have been
    trained on. Where accuracy falls by more than --max-loss, nothing is written
    and the exit status is 1. Of a captioner or a translator the data are vectors
    or texts, one a line, with --references, and BLEU-4, as a share, is what must
    not fall.

    Examples:
      senti model quantize dev.csv --model my.safetensors -o my-int8.safetensors
      senti model quantize val.en --references val.de --model en-de.safetensors \\
        -o small.safetensors

    USAGE: senti model quantize [<options>] <data> --output <file>

    ARGUMENTS:
      <data>                  A folder whose folders are the labels, or a table; -
                              is standard input.

    OPTIONS:
    \(labelledDataOptions)
      --progress <progress>   How progress is told: a bar on a terminal, JSON
                              Lines, or not at all. (values: auto, json, never;
                              default: auto)
      --references <file>     What people wrote of the data, for a model that
                              writes: translations, one a line, or captions; may be
                              given many times.
      --names <file>          The names of vectors, one a line.
      --beam <count>          How many hypotheses a model that writes goes on with
                              at each step. (default: 1)
      --lowercase             Lower-case what a model writes, and its references,
                              for BLEU and chrF.
      -o, --output <file>     Where to write the model.
      --precision <precision> How weights are rounded. (values: int8, bfloat16;
                              default: int8)
      --max-loss <share>      The loss of accuracy or BLEU-4, as a share, that is
                              accepted. (default: 0.005)
      --force                 Replace the model file if it exists.
      --format <format>       How the figures are written. (values: text, json,
                              jsonl; default: text)
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
