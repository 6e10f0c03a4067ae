extension Help {
  static let caption = """
    OVERVIEW: Say in a sentence what each vector shows.

    The vectors are a .npy array of [N, D], a .safetensors file or a .csv or .tsv
    table whose first column is a name. They come from the encoder whose vectors
    the model was trained on.

    Prints a name, a tab and a caption for each vector; with --n-best of 2 or more
    the rank and the score stand between them. With --format jsonl, each line is an
    object with name, text and hypotheses (text, score, log_probability, is_cut,
    tokens); or with name and error. With json these are one array; csv and tsv
    have name, rank, score, text and error.

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
    \(generationOutputOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
