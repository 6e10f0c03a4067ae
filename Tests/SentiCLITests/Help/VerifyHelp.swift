extension Help {
  static let verify = """
    OVERVIEW: Check that texts have the same scores, to the bit, however they are
    scored.

    Takes a sample of the rows and scores each text alone; then all of them
    together, in reverse order, in pieces with carried states, sentence by sentence
    and as a stream, with one to --threads threads, through the library and through
    senti score. Prints one line a way with the number of texts whose scores differ
    in any bit; the exit status is 70 where one does.

    Texts of a mebibyte or more, and rows that cannot be scored, are not taken.

    Examples:
      senti verify reviews.csv --text-field review
      senti verify --rows 2000 --threads 8 reviews/

    USAGE: senti verify [<inputs> ...] [--files-from <file>] [--text-field <name>] [--id-field <name>] [--delimiter <character>] [--input-format <format>] [--rows <count>] [--seed <number>] [--model <file>] [--threads <count>]

    ARGUMENTS:
      <inputs>                Tables, texts and folders of them; - or a pipe is
                              standard input.

    OPTIONS:
      --files-from <file>     Read the files whose paths this file lists, one text
                              each; - is standard input.
      --text-field <name>     The field that holds the text of a row. (default:
                              text)
      --id-field <name>       The field by which messages tell rows apart.
      --delimiter <character> What separates the fields of CSV or TSV: a character,
                              comma, semicolon, pipe or tab.
      --input-format <format> The format of the input (default: by the end of its
                              name, else by its content). (values: csv, tsv, jsonl,
                              lines, nul)
      --rows <count>          The number of rows in the sample. (default: 200)
      --seed <number>         The seed of the sample. (default: 1)
      --model <file>          A model file (default: the English model that comes
                              with senti).
      --threads <count>       The number of threads (default: one a core). Results
                              do not depend on it.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
