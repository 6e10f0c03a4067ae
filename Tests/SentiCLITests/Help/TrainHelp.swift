extension Help {
  static let train = """
    OVERVIEW: Train a model on labelled texts.

    Examples:
      senti train sentiment aclImdb/train -o model.safetensors
      senti train sentiment reviews.csv --label-field stars -o stars.safetensors

    USAGE: senti train <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      sentiment               Train a sentiment classifier on labelled texts.

      See 'senti help train <subcommand>' for detailed help.
    """
}
