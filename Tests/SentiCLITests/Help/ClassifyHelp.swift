extension Help {
  static let classify = """
    OVERVIEW: Say of each text whether it is favourable.

    Prints one line a text, in the order of the arguments: label, probability and
    file, with tabs between them. The file is left out when only standard input is
    read.

    With --format jsonl, each line is an object with file, label, probability,
    score (from -1 for the first label to 1 for the last), probabilities (of every
    label), tokens and unknown_tokens; or with file and error.

    With --timeline, each sentence follows with the score of the text up to there,
    drawn from -1 on the left to 1 on the right, and a text whose score goes beyond
    one half on both sides is marked as mixed; with --format jsonl, as mixed and
    timeline.

    A table is refused: senti score scores its rows.

    A text that cannot be scored does not stop the others. It is reported on
    standard error, and the exit status is 1; when every text failed, it is that of
    the first failure.

    Examples:
      senti classify review.txt
      senti classify --recursive --format jsonl reviews/ > answers.jsonl

    USAGE: senti classify [<files> ...] [--recursive] [--encoding <encoding>] [--format <format>] [--timeline] [--model <file>] [--threads <count>]

    ARGUMENTS:
      <files>                 Files of one text each; - or a pipe is standard input.

    OPTIONS:
      -r, --recursive         Read the files in folders, and in folders within them.
      --encoding <encoding>   The encoding of the input; auto is UTF-16 where the
                              first bytes say so, else UTF-8. (values: auto, utf-8,
                              utf-16, latin-1, windows-1252; default: auto)
      --format <format>       How answers are written. (values: text, jsonl;
                              default: text)
      --timeline              Show the running score after each sentence.
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
