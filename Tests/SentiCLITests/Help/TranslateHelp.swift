extension Help {
  static let translate = """
    OVERVIEW: Translate texts line by line.

    Prints one line for each line, in order; an empty line for an empty one, and
    for one that cannot be read, which is also reported on standard error. With
    --n-best of 2 or more it prints the line's number, rank, score and text of
    each, with tabs between them. With --format jsonl, each line is an object with
    file, line, text and hypotheses; or with file, line and error. With json these
    are one array; csv and tsv have file, line, rank, score, text and error.

    Examples:
      echo 'A dog runs.' | senti translate -m en-de.safetensors --beam 5
      senti translate news.en -m en-de.safetensors --explain attention.html

    USAGE: senti translate [<options>] [<files> ...] --model <file>

    ARGUMENTS:
      <files>                 Files of one text a line; - or a pipe is standard
                              input.

    \(searchOptions)

    OPTIONS:
    \(generationOutputOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
