extension Help {
  static let classify = """
    OVERVIEW: Say of each text whether it is favourable.

    Prints one line a text, in the order of the arguments: label, probability and
    file, with tabs between them. The file is left out when only standard input, or
    one --text, is read.

    With --format jsonl, each line is an object with file (or text), label,
    probability, score (from -1 for the first label to 1 for the last),
    probabilities (of every label), tokens and unknown_tokens; or with file and
    error. With json these are one array; with csv and tsv they are rows, each
    label's probability in a column of its own.

    With --timeline, each sentence follows with the score of the text up to there,
    drawn from -1 on the left to 1 on the right, and a text whose score goes beyond
    one half on both sides is marked as mixed; in other formats, as mixed and
    timeline.

    A table is refused: senti score scores its rows.

    A text that cannot be scored does not stop the others. It is reported on
    standard error, and the exit status is 1; when every text failed, it is that of
    the first failure.

    Examples:
      senti classify --text "Slow at first, but what an ending!"
      senti classify --recursive --format jsonl reviews/ > answers.jsonl

    USAGE: senti classify [<files> ...] [--text <text> ...] [--recursive] [--encoding <encoding>] [--format <format>] [--timeline] [--model <file>] [--threads <count>]

    ARGUMENTS:
      <files>                 Files of one text each; - or a pipe is standard input.

    OPTIONS:
      --text <text>           A text itself, instead of a file; may be given many
                              times.
      -r, --recursive         Read the files in folders, and in folders within them.
      --encoding <encoding>   The encoding of the input; auto is UTF-16 where the
                              first bytes say so, else UTF-8. (values: auto, utf-8,
                              utf-16, latin-1, windows-1252; default: auto)
      --format <format>       How answers are written. (values: text, json, jsonl,
                              csv, tsv; default: text)
      --timeline              Show the running score after each sentence.
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
