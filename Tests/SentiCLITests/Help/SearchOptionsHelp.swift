extension Help {
  /// What all verbs say that search for texts.
  static let searchOptions = """
    SEARCH:
      --beam <count>          How many hypotheses go on at each step. (default: 1)
      --length-penalty <power>
                              The power of the length that a score is divided by
                              (default: 1; of captions 0).
      --patience <count>      Stop after so many beams of finished hypotheses
                              (default: when no other can win).
      --exact                 Take log-probabilities from a whole softmax: slower,
                              and off by nothing.
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
    """
}
