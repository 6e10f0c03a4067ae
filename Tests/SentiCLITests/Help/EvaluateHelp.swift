extension Help {
  static let evaluate = """
    OVERVIEW: Say how well a model does on texts that people labelled or wrote.

    Without a subcommand, the model is a sentiment classifier.

    Examples:
      senti evaluate aclImdb/test --min-accuracy 0.88
      senti evaluate translator val.en val.de -m en-de.safetensors

    USAGE: senti evaluate <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      sentiment (default)     Say how well a sentiment classifier does on labelled
                              texts.
      captioner               Say how well a captioner's captions fit those that
                              people wrote.
      translator              Say how well a translator's translations fit those
                              that people wrote.

      See 'senti help evaluate <subcommand>' for detailed help.
    """
}
