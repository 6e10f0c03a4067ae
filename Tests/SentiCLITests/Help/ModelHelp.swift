extension Help {
  static let model = """
    OVERVIEW: Look into models, make them smaller, and export them.

    Examples:
      senti model inspect
      senti model quantize aclImdb/test -o small.safetensors

    USAGE: senti model <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      inspect                 Say what a model file holds: net, tokenizer, labels,
                              calibration, card.
      quantize                Write a model with rounded weights, and say what
                              rounding costs.
      export                  Write a model in another program's format.

      See 'senti help model <subcommand>' for detailed help.
    """
}
