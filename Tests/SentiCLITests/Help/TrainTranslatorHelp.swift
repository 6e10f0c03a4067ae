extension Help {
  static let trainTranslator = """
    OVERVIEW: Train a net that translates, on parallel lines of two languages.

    Both files hold a sentence a line; line N of the one is a translation of line N
    of the other. Pairs with an empty line are left out.

    With --validation-source and --validation-target, those lines are translated
    after every epoch, and the epoch with the best BLEU is kept.

    The same files, options, seed and number of threads give the same weights, bit
    for bit, also when the training was interrupted with Ctrl-C and resumed.

    Examples:
      senti train translator train.en train.de -o en-de.safetensors --shared
      senti train translator train.en train.de --validation-source val.en \\
        --validation-target val.de -o en-de.safetensors

    USAGE: senti train translator [<options>] <source> <target> --output <file>

    ARGUMENTS:
      <source>                The sentences to translate.
      <target>                Their translations.

    ENCODER:
      --encoder-size <size>   The number of hidden units of each direction of the
                              encoder. (default: 256)
      --encoder-layers <count>
                              The number of recurrent layers of the encoder.
                              (default: 1)
      --attention <attention> How the decoder looks at the encoder's outputs.
                              (values: dot, additive, none; default: dot)
      --shared/--no-shared    Whether both languages have one vocabulary and its
                              vectors. (default: --no-shared)

    DECODER:
    \(cellsOptions)
      --embedding-size <size> The width of a token's vector. (default: 256)
      --decoder-size <size>   The number of hidden units of the decoder. (default:
                              320)
      --decoder-layers <count>
                              The number of recurrent layers of the decoder.
                              (default: 2)
      --entry <entry>         How the vector, or the encoder's final states, get
                              into the decoder. (values: initial-state,
                              first-input, every-step, then-zeros; default:
                              initial-state)
      --tied/--no-tied        Whether the output layer's weights are the tokens'
                              vectors. (default: --tied)
      --subwords/--no-subwords
                              Whether words are cut into byte pairs. (default:
                              --subwords)
      --max-size <count>      The most tokens, the four special ones included.
                              (default: 6000)
      --min-count <count>     How often a word, or a pair of bytes, must occur to
                              get a number. (default: 2)
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews, reviews-1 (which is html,nfkc,fold),
                              or steps with commas, in this order: html or markup,
                              typography, addresses, one of nfc, nfd, nfkc and
                              nfkd, emoticons, ratings, capitals, elongation,
                              contractions, lower:LOCALE, fold, strip-accents,
                              emoji, collapse-spaces. reviews is all of them but
                              html, lower, strip-accents and collapse-spaces, with
                              nfkc. (default: nfc)

    RECIPE:
      --epochs <count>        The number of passes over the texts. (default: 16)
      --learning-rate <rate>  The greatest learning rate. (default: 0.002)
      --batch-tokens <count>  The most tokens, read and written, that are learned
                              in one step. (default: 4096)
    \(stepOptions)
      --word-dropout <share>  The share of tokens that are read as unknown.
                              (default: 0.0)
      --embedding-dropout <share>
                              The dropout of tokens' vectors. (default: 0.2)
      --layer-dropout <share> The dropout of recurrent layers' outputs, the same at
                              every step. (default: 0.3)
      --recurrent-dropout <share>
                              The dropout of recurrent weights, the same at every
                              step. (default: 0.0)
      --output-dropout <share>
                              The dropout before the output. (default: 0.3)
      --label-smoothing <share>
                              The share of probability that is spread over all
                              tokens. (default: 0.1)
      --scheduled-sampling <share>
                              The share of tokens that are fed back as written, at
                              the end of the training. (default: 0.0)
      --subword-dropout <share>
                              The share of byte pairs' merges that are left out.
                              (default: 0.0)
      --patience <count>      The number of epochs without a better one after which
                              the training ends (default: never).

    OPTIONS:
      -o, --output <file>     Where the model is written.
      --validation-source <file>
                              The sentences that epochs are judged by.
      --validation-target <file>
                              Their translations.
    \(trainingRunOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
