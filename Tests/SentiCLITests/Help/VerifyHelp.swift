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

    USAGE: senti verify [<inputs> ...] [--files-from <file>] [--text-field <name>] [--id-field <name>] [--delimiter <character>] [--input-format <format>] [--encoding <encoding>] [--max-row-bytes <count>] [--rows <count>] [--seed <number>] [--model <file>] [--threads <count>]

    \(rowInputOptions)
      --rows <count>          The number of rows in the sample. (default: 200)
      --seed <number>         The seed of the sample. (default: 1)
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
