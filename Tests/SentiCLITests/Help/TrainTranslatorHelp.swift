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
      --cell <cell>           The recurrent cell. (values: rnn, rnn-relu, rnn-elu,
                              rnn-leaky-relu, rnn-sigmoid, rnn-hard-sigmoid,
                              rnn-softsign, rnn-layer-norm, gru,
                              gru-reset-before-product, gru-layer-norm,
                              gru-reset-before-product-layer-norm, lstm,
                              lstm-peephole, lstm-layer-norm; default: gru)
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
                              in one step (default: 4096, less where there are few
                              texts).
      --batch-texts <count>   The most texts that are learned in one step (default:
                              no limit).
      --clip <norm>           The norm to which larger gradients are scaled down;
                              0: never. (default: 1.0)
      --averaging <share>     The decay of the moving average of the weights that
                              is kept; 0: no average. (default: 0.998)
      --seed <number>         The seed of everything that is random. (default: 1)
      --schedule <name>       How the rate changes: one-cycle is up for 5 % of the
                              steps, then half a cosine down to zero; step halves
                              it after every 1,000 steps, plateau after an epoch
                              that is no better. (values: one-cycle, constant,
                              step, cosine, linear, warm-up, slanted-triangular,
                              plateau; default: one-cycle)
      --optimizer <name>      What turns gradients into steps. (values: adam, sgd,
                              momentum, nesterov, rmsprop, averaged-sgd; default:
                              adam)
      --lazy                  Leave vectors of words alone in steps without them:
                              faster, but rare words learn less.
      --weight-decay <rate>   The decoupled weight decay of Adam. (default: 0.0)
      --clip-value <size>     What each element of a gradient is cut to; 0: never.
                              (default: 0.0)
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
      --threads <count>       The number of threads (default: one a core); the
                              model depends on it.
      --checkpoint <file>     Where the training is saved while it runs.
      --checkpoint-interval <seconds>
                              The time between two savings, in seconds. (default:
                              300.0)
      --resume                Go on from the checkpoint, where there is one.
      --history <file>        Where each epoch's figures are written, as JSON Lines.
      --card <file>           A JSON file with the texts of the model card.
      --progress <style>      How progress is told on standard error: a bar on a
                              terminal and else lines, JSON Lines, or not at all
                              but for the final figures. (values: auto, json,
                              never; default: auto)
      --force                 Replace the model, the history and the checkpoint
                              where they exist.
      --version               Show the version.
      -h, --help              Show help information.

    """
}
