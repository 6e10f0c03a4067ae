extension Help {
  static let vocabBuild = """
    OVERVIEW: Count the words of texts and number them, the most frequent first.

    A folder holds one text a file, also in folders within it. A file that ends in
    .csv, .tsv or .jsonl holds one text a row; any other file, and - for standard
    input, one text a line. The same texts give the same vocabulary, byte for byte,
    in whatever order they come, on any number of threads and in any memory.

    With --subword bpe, byte pairs are merged instead: the file is a
    tokenizer.json, which Hugging Face's tokenizers load too. Of --normalize the
    form alone is taken (default: nfc), and --max-size says how many subwords there
    are (default: 8000).

    Examples:
      senti vocab build reviews/ -o reviews.vocab --min-count 2 --max-size 30000
      senti vocab build a.csv b.jsonl --text-field review -o reviews.vocab

    USAGE: senti vocab build <paths> ... --output <file> [--min-count <count>] [--max-size <count>] [--normalize <steps>] [--locale <locale>] [--subword <subword>] [--reserve <token> ...] [--text-field <name>] [--max-memory <megabytes>] [--threads <count>] [--force]

    ARGUMENTS:
      <paths>                 Files and folders of texts.

    OPTIONS:
      -o, --output <file>     Where the vocabulary is written.
      --min-count <count>     How often a word must occur. (default: 1)
      --max-size <count>      How many tokens there may be, the four special ones
                              included (default: any number).
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews, reviews-1 (which is html,nfkc,fold),
                              or steps with commas, in this order: html or markup,
                              typography, addresses, one of nfc, nfd, nfkc and
                              nfkd, emoticons, ratings, capitals, elongation,
                              contractions, lower:LOCALE, fold, strip-accents,
                              emoji, collapse-spaces. reviews is all of them but
                              html, lower, strip-accents and collapse-spaces, with
                              nfkc. (default: reviews)
      --locale <locale>       The language whose word boundaries are followed
                              (default: the rules that all share).
      --subword <subword>     Merge byte pairs into subwords. (values: bpe)
      --reserve <token>       A token of your own, behind the special ones.
      --text-field <name>     The field that holds the text in .csv, .tsv and
                              .jsonl. (default: text)
      --max-memory <megabytes>
                              The memory that counts may take, in megabytes; more
                              goes to files in /tmp. (default: 200)
      --threads <count>       How many threads count (default: one for each
                              processor).
      --force                 Replace the vocabulary where there is one already.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
