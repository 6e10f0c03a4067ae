extension Help {
  static let evaluateTranslator = """
    OVERVIEW: Say how well a translator's translations fit those that people wrote.

    Line n of each target is a translation of line n of the source; there may be
    several targets.

    Prints BLEU-1 to BLEU-4 and chrF as sacreBLEU computes them, with a signature;
    ROUGE-L and CIDEr-D, times 100, as the COCO captioning tools do, on lower-cased
    words without marks; and the share of texts that are a reference to the letter.

    Examples:
      senti evaluate translator val.en val.de -m en-de.safetensors --beam 5

    USAGE: senti evaluate translator [<options>] <source> <targets> ... --model <file>

    ARGUMENTS:
      <source>                The texts to translate, one a line.
      <targets>               Their translations, one a line.

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
      --lowercase             Lower-case all texts for BLEU and chrF.
      --tokenization <tokenization>
                              How BLEU cuts words; none is for texts that are cut
                              already. (values: 13a, none; default: 13a)
      --min-bleu <percent>    The BLEU-4 below which the exit status is 1.
      --capitals              Put capitals at the starts of sentences.
      --language <language>   Whose rules of spaces marks go by. (values: en, de,
                              fr; default: en)
      --format <format>       How the figures are written. (values: text, json;
                              default: text)
      --version               Show the version.
      -h, --help              Show help information.
    """
}
