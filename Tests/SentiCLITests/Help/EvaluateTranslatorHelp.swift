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
    \(evaluationOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
