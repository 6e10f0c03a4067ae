extension Help {
  static let trainCaptioner = """
    OVERVIEW: Train a net that describes vectors, such as the features of images.

    The vectors are a .npy array with a list of names beside it, a .safetensors
    file or a .csv table whose first column is the name. The captions are lines of
    a name, a tab and a text, or a .csv or .jsonl file with the fields image and
    caption. A name may end in # and a number.

    With --validation-vectors and --validation-captions, the vectors are described
    after every epoch, and the epoch with the best BLEU is kept.

    The same files, options, seed and number of threads give the same weights, bit
    for bit, also when the training was interrupted with Ctrl-C and resumed.

    Examples:
      senti train captioner scenes.csv captions.tsv -o captioner.safetensors
      senti train captioner train.npy train.tsv --names train.txt \\
        --validation-vectors dev.npy --validation-names dev.txt \\
        --validation-captions dev.tsv -o captioner.safetensors

    USAGE: senti train captioner [<options>] <vectors> <captions> --output <file>

    ARGUMENTS:
      <vectors>               The vectors.
      <captions>              Their captions.

    NET:
    \(cellsOptions)
      --embedding-size <size> The width of a token's vector. (default: 256)
      --decoder-size <size>   The number of hidden units of the decoder. (default:
                              512)
      --decoder-layers <count>
                              The number of recurrent layers of the decoder.
                              (default: 1)
      --entry <entry>         How the vector, or the encoder's final states, get
                              into the decoder. (values: initial-state,
                              first-input, every-step, then-zeros; default:
                              every-step)
      --tied/--no-tied        Whether the output layer's weights are the tokens'
                              vectors. (default: --tied)
      --subwords/--no-subwords
                              Whether words are cut into byte pairs. (default:
                              --no-subwords)
      --max-size <count>      The most tokens, the four special ones included.
                              (default: 8000)
      --min-count <count>     How often a word, or a pair of bytes, must occur to
                              get a number. (default: 3)
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews, reviews-1 (which is html,nfkc,fold),
                              or steps with commas, in this order: html or markup,
                              typography, addresses, one of nfc, nfd, nfkc and
                              nfkd, emoticons, ratings, capitals, elongation,
                              contractions, lower:LOCALE, fold, strip-accents,
                              emoji, collapse-spaces. reviews is all of them but
                              html, lower, strip-accents and collapse-spaces, with
                              nfkc. (default: nfkc,fold)

    RECIPE:
      --epochs <count>        The number of passes over the texts. (default: 12)
      --learning-rate <rate>  The greatest learning rate. (default: 0.002)
      --batch-tokens <count>  The most tokens, read and written, that are learned
                              in one step. (default: 2048)
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
                              The dropout before the output. (default: 0.4)
      --label-smoothing <share>
                              The share of probability that is spread over all
                              tokens. (default: 0.05)
      --scheduled-sampling <share>
                              The share of tokens that are fed back as written, at
                              the end of the training. (default: 0.0)
      --subword-dropout <share>
                              The share of byte pairs' merges that are left out.
                              (default: 0.0)
      --patience <count>      The number of epochs without a better one after which
                              the training ends (default: never).

    OPTIONS:
      --names <file>          The vectors' names, one a line.
      -o, --output <file>     Where the model is written.
      --validation-vectors <file>
                              The vectors that epochs are judged by.
      --validation-captions <file>
                              Their captions.
      --validation-names <file>
                              Their names, one a line.
    \(trainingRunOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
