extension Help {
  static let translate = """
    OVERVIEW: Translate texts line by line.

    Prints one line for each line, in order; an empty line for an empty one, and
    for one that cannot be read, which is also reported on standard error. With
    --n-best of 2 or more it prints the line's number, rank, score and text of
    each, with tabs between them. With --format jsonl, each line is an object with
    file, line, text and hypotheses; or with file, line and error.

    Examples:
      echo 'A dog runs.' | senti translate -m en-de.safetensors --beam 5
      senti translate news.en -m en-de.safetensors --explain attention.html

    USAGE: senti translate [<options>] [<files> ...] --model <file>

    ARGUMENTS:
      <files>                 Files of one text a line; - or a pipe is standard
                              input.

    SEARCH:
      --beam <count>          How many hypotheses go on at each step. (default: 1)
      --length-penalty <power>
                              The power of the length that a score is divided by;
                              more favours long texts. (default: 1.0)
      --patience <count>      Stop after so many beams of finished hypotheses
                              (default: when no other can win).
      --min-length <count>    The fewest tokens of a text. (default: 0)
      --max-length <count>    The most tokens of a text (default: 256; of a
                              translation, twice its source's and 10).
      --repetition-penalty <factor>
                              What the log-probability of a token is multiplied by
                              that was there before. (default: 1.0)
      --no-repeat-ngram <count>
                              The length of runs of tokens that never come twice.
                              (default: 0)
      --ban <word>            A word that never comes; may be given many times.
      --prefix <text>         What every text begins with.
      --sample                Draw tokens by chance rather than search.
      --temperature <number>  With --sample: below 1, the likely is likelier.
                              (default: 1.0)
      --top-k <count>         With --sample: draw from so many tokens; 0 for all.
                              (default: 0)
      --top-p <share>         With --sample: draw from this share of probability.
                              (default: 1.0)
      --seed <number>         With --sample: what all chance follows from.
                              (default: 0)

    OPTIONS:
      -m, --model <file>      The model file.
      --threads <count>       The number of threads (default: one a core). Results
                              do not depend on it.
      --n-best <count>        How many texts are written of each input. (default: 1)
      --format <format>       How results are written. (values: text, jsonl;
                              default: text)
      --capitals              Put capitals at the starts of sentences.
      --language <language>   Whose rules of spaces marks go by. (values: en, de,
                              fr; default: en)
      --explain <file>        Where a page for a browser is written that shows the
                              probability of each token, and what a translator
                              looked at, of the first 50 inputs.
      --force                 Replace the page where it exists.
      --version               Show the version.
      -h, --help              Show help information.
    """
}
