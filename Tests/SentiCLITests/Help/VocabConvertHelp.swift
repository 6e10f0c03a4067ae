extension Help {
  static let vocabConvert = """
    OVERVIEW: Write a vocabulary in another format.

    The formats are vocabulary, senti's own text file; tokenizer-json, a byte-pair
    encoding for Hugging Face's tokenizers; and words, one a line, the first first.
    What a file holds is seen from its beginning.

    A byte-pair encoding becomes a vocabulary of its subwords and back again
    without loss. A vocabulary of words is no byte-pair encoding. Of a list of
    words comes a vocabulary without counts, behind the four special tokens.

    Examples:
      senti vocab convert bpe.json --to vocabulary -o bpe.vocab
      senti vocab convert reviews.vocab --to words -o words.txt

    USAGE: senti vocab convert <file> --to <to> --output <file> [--normalize <normalize>] [--force]

    ARGUMENTS:
      <file>                  A vocabulary, a tokenizer.json, or a list of words.

    OPTIONS:
      --to <to>               The format to write. (values: vocabulary, words,
                              tokenizer-json)
      -o, --output <file>     Where the result is written.
      --normalize <normalize> How words of a list were, and texts are to be,
                              normalized. (default: none)
      --force                 Replace the file where there is one already.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
