extension Help {
  static let vocab = """
    OVERVIEW: Build vocabularies, look into them, and convert them.

    Examples:
      senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
      senti vocab coverage reviews.vocab held-out/

    USAGE: senti vocab <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      build                   Count the words of texts and number them, the most
                              frequent first.
      inspect                 Say how a vocabulary was made, and which words it
                              begins with.
      coverage                Say how much of texts a vocabulary knows, best of
                              texts that it was not built of.
      convert                 Write a vocabulary in another format.

      See 'senti help vocab <subcommand>' for detailed help.
    """
}
