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
      senti evaluate translator val.en val.de -m en-de.safetensors --min-bleu 30

    USAGE: senti evaluate translator [<options>] <source> <targets> ... --model <file>

    ARGUMENTS:
      <source>                The texts to translate, one a line.
      <targets>               Their translations, one a line.

    \(searchOptions)

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
