extension Help {
  static let evaluateSentiment = """
    OVERVIEW: Say how well a sentiment classifier does on labelled texts.

    Prints accuracy, macro F1, ROC AUC, log loss, expected calibration error (15
    bins), precision, recall and F1 of each class, and the confusion matrix.

    Labels go by many names: neg and negative are one; neu and neutral; pos and
    positive; case and blanks around them do not matter. Numbers mean something
    only where they are the whole set: 0 and 1; -1 and 1; -1, 0 and 1. Stars are
    read with --stars, other labels with --label-map. Texts that are neutral by
    their stars are left out where the model has no such label.

    A text that cannot be read or has no label is reported on standard error and
    left out; the exit status is then 1, as it is where --min-accuracy is missed.
    Data without a labelled text exit with 65.

    Examples:
      senti evaluate aclImdb/test --min-accuracy 0.88
      senti evaluate reviews.csv --label-field stars --stars

    USAGE: senti evaluate sentiment [<options>] <data>

    ARGUMENTS:
      <data>                  A folder whose folders are the labels, or a table; -
                              is standard input.

    OPTIONS:
    \(labelledDataOptions)
      --progress <progress>   How progress is told: a bar on a terminal, JSON
                              Lines, or not at all. (values: auto, json, never;
                              default: auto)
      --min-accuracy <share>  The accuracy below which the exit status is 1.
      --format <format>       How the figures are written. (values: text, json,
                              jsonl; default: text)
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
