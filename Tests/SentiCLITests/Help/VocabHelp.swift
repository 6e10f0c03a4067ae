extension Help {
  static let vocab = """
    OVERVIEW: Build vocabularies and look into them.

    Examples:
      senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
      senti vocab inspect reviews.vocab

    USAGE: senti vocab <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      build                   Count the words of texts and number them, the most
                              frequent first.
      inspect                 Say how a vocabulary was made, and which words it
                              begins with.

      See 'senti help vocab <subcommand>' for detailed help.
    """
}
