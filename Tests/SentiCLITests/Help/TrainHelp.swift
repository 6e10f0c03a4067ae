extension Help {
  static let train = """
    OVERVIEW: Train a model: a classifier, a language model, a captioner or a
    translator.

    Examples:
      senti train sentiment aclImdb/train -o model.safetensors
      senti train translator train.en train.de -o en-de.safetensors

    USAGE: senti train <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      sentiment               Train a sentiment classifier on labelled texts.
      language-model          Train a net that predicts the next word, to start
                              classifiers from.
      captioner               Train a net that describes vectors, such as the
                              features of images.
      translator              Train a net that translates, on parallel lines of two
                              languages.

      See 'senti help train <subcommand>' for detailed help.
    """
}
