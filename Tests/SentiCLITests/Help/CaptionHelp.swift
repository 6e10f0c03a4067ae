extension Help {
  static let caption = """
    OVERVIEW: Say in a sentence what each vector shows.

    The vectors are a .npy array of [N, D], a .safetensors file or a .csv or .tsv
    table whose first column is a name. They come from the encoder whose vectors
    the model was trained on.

    Prints a name, a tab and a caption for each vector; with --n-best of 2 or more
    the rank and the score stand between them. With --format jsonl, each line is an
    object with name, text and hypotheses (text, score, log_probability, is_cut,
    tokens); or with name and error.

    Examples:
      senti caption photos.npy --names photos.txt -m captioner.safetensors
      senti caption photos.npy -m captioner.safetensors --beam 5 --n-best 3

    USAGE: senti caption [<options>] <vectors> --model <file>

    ARGUMENTS:
      <vectors>               A .npy, .safetensors, .csv or .tsv file of vectors.

    \(searchOptions)

    OPTIONS:
      --names <file>          The vectors' names, one a line (default: the file's
                              own, or numbers from 0).
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
