extension Help {
  static let compare = """
    OVERVIEW: Say how two scored files differ.

    A and B are the same rows, scored by two models: files that `senti score`
    wrote, or any CSV, TSV or JSON Lines with answers in them. Prints how often the
    answers agree, how rows changed side, how far the scores lie apart, and whether
    that is more than chance: McNemar's test, exact and by chi-squared with
    continuity correction. With --label-field, it tests which of the two is right
    more often, and their accuracies are printed; without, it tests whether one
    leans to a side. Labels are read as by `senti evaluate sentiment`; with
    --stars, so are answers that are all stars, and rows of neutral stars have no
    true label where neither file ever answers neutral.

    With --changed, the rows that changed side come first, one a line: line in A,
    id, both answers, both scores, true label.

    A row that either file has no answer for is left out, and the exit status is
    then 1.

    Examples:
      senti compare old.csv new.csv
      senti compare old.csv new.csv --label-field stars --stars --changed

    USAGE: senti compare <a> <b> [--answer-field <name>] [--score-field <name>] \
    [--label-field <name>] [--label-map <labels=label> ...] [--stars] [--id-field <name>] [--changed] [--format <format>]

    ARGUMENTS:
      <a>                     The first scored file; - is standard input.
      <b>                     The second scored file; - is standard input.

    OPTIONS:
      --answer-field <name>   The field that holds the answer (default: senti_label
                              where there is one, else label).
      --score-field <name>    The field that holds the score (default: senti_score
                              where there is one, else score).
      --label-field <name>    The field of A that holds the true label of a row.
      --label-map <labels=label>
                              What labels of the data mean, as in
                              '1,2=negative;3=neutral;4,5=positive'; texts whose
                              label means nothing (3=) are left out. May be given
                              many times.
      --stars                 Labels are stars: of 5, up to 2 is negative and from
                              4 on positive; where one is above 5, of 10, up to 4
                              and from 7 on; neutral between.
      --id-field <name>       A field that must be the same in both files, row by
                              row.
      --changed               List the rows that changed side.
      --format <format>       How the figures and rows are written. (values: text,
                              json, jsonl; default: text)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
