extension Help {
  static let vocabInspect = """
    OVERVIEW: Say how a vocabulary was made, and which words it begins with.

    A model has a vocabulary of its own, which is shown of a model file.

    Examples:
      senti vocab inspect reviews.vocab
      senti vocab inspect reviews.vocab --format json | jq .coverage

    USAGE: senti vocab inspect <file> [--top <count>] [--format <format>]

    ARGUMENTS:
      <file>                  A vocabulary file, or a model.

    OPTIONS:
      --top <count>           How many of the most frequent words to show.
                              (default: 10)
      --format <format>       How the answer is written. (values: text, json,
                              jsonl; default: text)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
