extension Help {
  static let model = """
    OVERVIEW: Look into models, and make them smaller.

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

      See 'senti help model <subcommand>' for detailed help.
    """
}
