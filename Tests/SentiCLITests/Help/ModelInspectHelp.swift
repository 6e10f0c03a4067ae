extension Help {
  static let modelInspect = """
    OVERVIEW: Say what a model file holds: net, tokenizer, labels, calibration,
    card.

    Examples:
      senti model inspect
      senti model inspect my.safetensors --format json | jq .card

    USAGE: senti model inspect [<file>] [--format <format>]

    ARGUMENTS:
      <file>                  A model file (default: the English model that comes
                              with senti).

    OPTIONS:
      --format <format>       How the answer is written. (values: text, json,
                              jsonl; default: text)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
