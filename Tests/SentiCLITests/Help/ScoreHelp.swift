extension Help {
  static let score = """
    OVERVIEW: Score the rows of tables and files, in constant memory.

    Reads CSV, TSV, JSON Lines, JSON arrays of objects, plain lines, NUL-separated
    texts, folders of one text a file, and lists of files. What gzip or zstd packed
    is unpacked, whatever its name; an output whose name ends in .gz or .zst is
    packed. Fields may be separated by commas, tabs, semicolons or bars, as the
    header or a first line such as sep=; tells. Spreadsheets, Parquet, PDF and the
    like are refused.

    Writes every row as it was read, in order, and adds label, probability, score
    (from -1 for the first label to 1 for the last) and error. Rows of plain texts
    become CSV, those of JSON arrays JSON Lines, and all is UTF-8.

    A row that cannot be scored keeps its place and says in error what is wrong;
    the exit status is then 1. An input that cannot be read on ends the run.

    With --timeline, a row also has mixed (whether the running score goes beyond
    one half on both sides) and timeline: for each sentence its start and end in
    bytes of the text, and the score of the text up to there.

    A file that is written appears when it is whole, with the permissions of the
    one that it replaces; a symbolic link is written through. Until then it has
    .partial behind its name, and .partial.journal says how far it is: after an
    interruption --resume goes on with it, if the rows so far, the options and the
    model are the same.

    Examples:
      senti score reviews.csv --text-field review -o scored.csv
      find notes -name '*.txt' | senti score --files-from - > scored.csv

    USAGE: senti score [<options>] [<inputs> ...]

    \(rowInputOptions)
      -o, --output <file>     Where to write (default: standard output).
      --format <format>       The format that is written (default: by the output's
                              name, else the input's). (values: csv, tsv, jsonl)
      --scores                Add the probability of each label, under the label's
                              name.
      --timeline              Add the running score after each sentence.
      --prefix <name>         What stands before the names of the added columns, as
                              in senti_.
      --max-errors <count>    End the run after more than so many rows that cannot
                              be scored.
      --resume                Go on where an interrupted run with the same inputs
                              and options has stopped.
      --force                 Replace the output if it exists.
      --progress <progress>   How progress is told: a bar on a terminal, JSON
                              Lines, or not at all but for the end. (values: auto,
                              json, never; default: auto)
      -q, --quiet             Print nothing but what stops the run.
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
