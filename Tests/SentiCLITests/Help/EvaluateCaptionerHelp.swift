extension Help {
  static let evaluateCaptioner = """
    OVERVIEW: Say how well a captioner's captions fit those that people wrote.

    Captions are a file of names and texts with a tab between them, or .csv or
    .jsonl with the fields image and caption. A vector without captions is left
    out.

    Prints BLEU-1 to BLEU-4 and chrF as sacreBLEU computes them, with a signature;
    ROUGE-L and CIDEr-D, times 100, as the COCO captioning tools do, on lower-cased
    words without marks; and the share of texts that are a reference to the letter.

    Examples:
      senti evaluate captioner dev.npy dev.tsv -m captioner.safetensors

    USAGE: senti evaluate captioner [<options>] <vectors> <captions> --model <file>

    ARGUMENTS:
      <vectors>               A .npy, .safetensors, .csv or .tsv file of vectors.
      <captions>              The captions of the vectors.

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
      --names <file>          The vectors' names, one a line (default: the file's
                              own, or numbers from 0).
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
