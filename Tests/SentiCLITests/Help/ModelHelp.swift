extension Help {
  static let model = """
    OVERVIEW: Look into models.

    Examples:
      senti model inspect
      senti model inspect my.safetensors --format json | jq .card

    USAGE: senti model <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      inspect                 Say what a model file holds: net, tokenizer, labels,
                              calibration, card.

      See 'senti help model <subcommand>' for detailed help.
    """
}
