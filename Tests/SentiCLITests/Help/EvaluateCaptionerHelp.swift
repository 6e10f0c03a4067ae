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
      senti evaluate captioner dev.csv dev.tsv -m captioner.safetensors --beam 5

    USAGE: senti evaluate captioner [<options>] <vectors> <captions> --model <file>

    ARGUMENTS:
      <vectors>               A .npy, .safetensors, .csv or .tsv file of vectors.
      <captions>              The captions of the vectors.

    \(searchOptions)

    OPTIONS:
      --names <file>          The vectors' names, one a line (default: the file's
                              own, or numbers from 0).
    \(evaluationOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
