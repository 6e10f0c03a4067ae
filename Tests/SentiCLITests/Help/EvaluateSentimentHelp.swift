extension Help {
  static let evaluateSentiment = """
    OVERVIEW: Say how well a sentiment classifier does on labelled texts.

    Prints accuracy, macro F1, ROC AUC, log loss, expected calibration error (15
    bins), precision, recall and F1 of each class, and the confusion matrix.

    Labels go by many names: neg, negative, 0 and -1 are one; neu and neutral; pos,
    positive, 1 and +1. Others are named with --label-map.

    A text that cannot be read or has no label is reported on standard error and
    left out; the exit status is then 1, as it is where --min-accuracy is missed.

    Examples:
      senti evaluate aclImdb/test --min-accuracy 0.88
      senti evaluate stars.csv --label-field stars --label-map 5=positive

    USAGE: senti evaluate sentiment <data> [--text-field <name>] [--label-field <name>] [--delimiter <character>] [--input-format <format>] [--label-map <label=label> ...] [--min-accuracy <share>] [--format <format>] [--model <file>] [--threads <count>]

    ARGUMENTS:
      <data>                  A folder whose folders are the labels, or a table; -
                              is standard input.

    OPTIONS:
    \(labelledDataOptions)
      --label-map <label=label>
                              What a label of the data means to the model; may be
                              given many times.
      --min-accuracy <share>  The accuracy below which the exit status is 1.
      --format <format>       How the figures are written. (values: text, json;
                              default: text)
    \(modelOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
