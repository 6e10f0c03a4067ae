extension Help {
  static let tokenize = """
    OVERVIEW: Cut texts into words, numbers, punctuation marks and emoji.

    Prints one token a line, by Unicode's word boundaries; white space is left out.

    With --format tsv or jsonl, a line has file, start, end, kind, id and text.
    Start and end are offsets in UTF-8 bytes of the original text, whatever the
    normalization. The kind is word, number, punctuation, symbol, emoji or
    ideograph. The id is there with --vocab. Texts are normalized only where
    --normalize or --vocab asks for it.

    Examples:
      senti tokenize review.txt | sort | uniq -c | sort -rn | head
      senti tokenize --vocab english.vocab --format tsv review.txt

    USAGE: senti tokenize [<files> ...] [--recursive] [--format <format>] [--normalize <steps>] [--locale <locale>] [--vocab <file>]

    ARGUMENTS:
      <files>                 Files of one text each; - or a pipe is standard input.

    OPTIONS:
      -r, --recursive         Read the files in folders, and in folders within them.
      --format <format>       How tokens are written. (values: text, jsonl, tsv;
                              default: text)
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews (which is html,nfkc,fold), or steps
                              with commas: html, one of nfc, nfd, nfkc and nfkd,
                              fold.
      --locale <locale>       The language whose word boundaries are followed
                              (default: the rules that all share).
      --vocab <file>          A vocabulary; it says how texts are normalized, and
                              numbers the tokens.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
