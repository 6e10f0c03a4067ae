extension Help {
  static let vocabInspect = """
    OVERVIEW: Say how a vocabulary was made, and which words it begins with.

    Examples:
      senti vocab inspect reviews.vocab
      senti vocab inspect reviews.vocab --format json | jq .coverage

    USAGE: senti vocab inspect <file> [--top <count>] [--format <format>]

    ARGUMENTS:
      <file>                  A vocabulary file.

    OPTIONS:
      --top <count>           How many of the most frequent words to show.
                              (default: 10)
      --format <format>       How the answer is written. (values: text, json;
                              default: text)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
