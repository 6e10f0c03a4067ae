extension Help {
  static let vocabCoverage = """
    OVERVIEW: Say how much of texts a vocabulary knows, best of texts that it was
    not built of.

    Texts are read as by senti vocab build, and normalized and cut as the
    vocabulary says. Tokens are counted as often as they occur, types once.

    Examples:
      senti vocab coverage reviews.vocab held-out/
      senti vocab coverage reviews.vocab b.csv --format json | jq
    .out_of_vocabulary_rate

    USAGE: senti vocab coverage <vocabulary> <paths> ... [--text-field <name>] [--format <format>]

    ARGUMENTS:
      <vocabulary>            A vocabulary file, or a model.
      <paths>                 Files and folders of texts.

    OPTIONS:
      --text-field <name>     The field that holds the text in .csv, .tsv and
                              .jsonl. (default: text)
      --format <format>       How the answer is written. (values: text, json,
                              jsonl; default: text)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
