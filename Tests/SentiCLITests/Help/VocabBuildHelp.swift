extension Help {
  static let vocabBuild = """
    OVERVIEW: Count the words of texts and number them, the most frequent first.

    A folder holds one text a file, also in folders within it. A file that ends in
    .csv, .tsv or .jsonl holds one text a row; any other file, and - for standard
    input, one text a line. The same texts give the same vocabulary, byte for byte,
    in whatever order they come.

    Examples:
      senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
      senti vocab build a.csv b.jsonl --text-field review -o reviews.vocab

    USAGE: senti vocab build <paths> ... --output <file> [--min-count <count>] [--max-size <count>] [--normalize <steps>] [--locale <locale>] [--text-field <name>] [--force]

    ARGUMENTS:
      <paths>                 Files and folders of texts.

    OPTIONS:
      -o, --output <file>     Where the vocabulary is written.
      --min-count <count>     How often a word must occur. (default: 1)
      --max-size <count>      How many tokens there may be, the four special ones
                              included (default: any number).
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews (which is html,nfkc,fold), or steps
                              with commas: html, one of nfc, nfd, nfkc and nfkd,
                              fold. (default: reviews)
      --locale <locale>       The language whose word boundaries are followed
                              (default: the rules that all share).
      --text-field <name>     The field that holds the text in .csv, .tsv and
                              .jsonl. (default: text)
      --force                 Replace the vocabulary where there is one already.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
