extension Help {
  static let tokenize = """
    OVERVIEW: Cut texts into words, sentences, graphemes, lines or subwords.

    Prints one piece a line, by Unicode's boundaries; white space is left out. In
    text and TSV, white space at the ends of a piece is too, and tabs and line ends
    within are written \\t, \\n and \\r; of subwords every space is written.

    In all other formats a piece has file (or the --text), start, end, kind, id and
    text. Start and end are offsets in UTF-8 bytes of the original text, whatever
    the normalization. The kind is word, number, punctuation, symbol, emoji or
    ideograph, with --join also url, email, mention or hashtag; or sentence,
    grapheme, line or subword. The id is there with --vocab. Texts are normalized
    only where --normalize or --vocab asks for it.

    Texts of any length are read in constant memory; one that has no place to cut
    for a mebibyte is cut there. One that is not UTF-8, nor of the --encoding, is
    given up at the first wrong byte. Offsets in a text of another encoding are
    those that it has in UTF-8.

    Examples:
      senti tokenize review.txt | sort | uniq -c | sort -rn | head
      senti tokenize --unit sentence --format jsonl book.txt

    USAGE: senti tokenize [<files> ...] [--text <text> ...] [--recursive] [--encoding <encoding>] [--unit <unit>] [--format <format>] [--normalize <steps>] [--locale <locale>] [--join <kinds>] [--vocab <file>]

    ARGUMENTS:
      <files>                 Files of one text each; - or a pipe is standard input.

    OPTIONS:
      --text <text>           A text itself, instead of a file; may be given many
                              times.
      -r, --recursive         Read the files in folders, and in folders within them.
      --encoding <encoding>   The encoding of the input; auto is UTF-16 where the
                              first bytes say so, else UTF-8. (values: auto, utf-8,
                              utf-16, latin-1, windows-1252; default: auto)
      --unit <unit>           What texts are cut into. (values: word, sentence,
                              grapheme, line; default: word)
      --format <format>       How pieces are written. (values: text, json, jsonl,
                              csv, tsv; default: text)
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews, reviews-1 (which is html,nfkc,fold),
                              or steps with commas, in this order: html or markup,
                              typography, addresses, one of nfc, nfd, nfkc and
                              nfkd, emoticons, ratings, capitals, elongation,
                              contractions, lower:LOCALE, fold, strip-accents,
                              emoji, collapse-spaces. reviews is all of them but
                              html, lower, strip-accents and collapse-spaces, with
                              nfkc.
      --locale <locale>       The language whose word boundaries are followed
                              (default: the rules that all share).
      --join <kinds>          What stays one word: all, or with commas urls,
                              emails, mentions, hashtags.
      --vocab <file>          A vocabulary, which says how texts are normalized, a
                              tokenizer.json, which cuts them into subwords, or a
                              model that has one of them; it numbers the pieces.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
