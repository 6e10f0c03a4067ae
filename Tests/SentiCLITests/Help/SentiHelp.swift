extension Help {
  static let senti = """
    OVERVIEW: Says whether texts are favourable, with recurrent nets, on this
    machine alone.

    Results go to standard output, everything else to standard error.

    Exit status: 0 done; 1 done, but some inputs failed or a limit was missed; 64
    wrong usage; 65 bad data; 66 no such input; 70 internal error; 74 input or
    output failed; 130 interrupted.

    Examples:
      senti score reviews.csv --text-field review -o scored.csv
      senti evaluate reviews.csv --text-field review --label-field stars --stars

    USAGE: senti <subcommand>

    OPTIONS:
      --version               Show the version.
      -h, --help              Show help information.

    SUBCOMMANDS:
      classify                Say of each text whether it is favourable.
      score                   Score the rows of tables and files, in constant
                              memory.
      verify                  Check that texts have the same scores, to the bit,
                              however they are scored.
      evaluate                Say how well a model does on texts that people
                              labelled or wrote.
      compare                 Say how two scored files differ.
      caption                 Say in a sentence what each vector shows.
      translate               Translate texts line by line.
      train                   Train a model: a classifier, a language model, a
                              captioner or a translator.
      tokenize                Cut texts into words, sentences, graphemes, lines or
                              subwords.
      vocab                   Build vocabularies, look into them, and convert them.
      model                   Look into models, make them smaller, and export them.

      See 'senti help <subcommand>' for detailed help.
    """
}
