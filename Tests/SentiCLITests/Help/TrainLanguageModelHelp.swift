extension Help {
  static let trainLanguageModel = """
    OVERVIEW: Train a net that predicts the next word, to start classifiers from.

    The texts need no labels: a .csv, .tsv or .jsonl file, a folder of one text a
    file, or lines. Some texts are held out; after every epoch their loss is
    measured, and the epoch with the lowest is kept. The softmax is sampled in
    training and whole in measuring.

    With --bidirectional a second net on the same word vectors reads from the last
    word to the first. `senti train sentiment --from` then starts from the word
    vectors and the layers.

    The same texts, options, seed and number of threads give the same weights, bit
    for bit, also when the training was interrupted with Ctrl-C and resumed.

    Examples:
      senti train language-model reviews.jsonl -o words.safetensors --lazy
      senti train sentiment labelled.csv --from words.safetensors -o
    model.safetensors

    USAGE: senti train language-model [<options>] <data> --output <file>

    ARGUMENTS:
      <data>                  The texts; - is standard input.

    NET:
      --cell <cell>           The recurrent cell. (values: rnn, rnn-relu, rnn-elu,
                              rnn-leaky-relu, rnn-sigmoid, rnn-hard-sigmoid,
                              rnn-softsign, rnn-layer-norm, gru,
                              gru-reset-before-product, gru-layer-norm,
                              gru-reset-before-product-layer-norm, lstm,
                              lstm-peephole, lstm-layer-norm; default: lstm)
      --embedding-size <size> The width of a word vector. (default: 256)
      --hidden-size <size>    The number of hidden units of each direction.
                              (default: 1024)
      --layers <count>        The number of recurrent layers. (default: 1)
      --bidirectional         Train a second net that reads from the last word to
                              the first.
      --max-size <count>      The most words in the vocabulary, the four special
                              ones included. (default: 50000)
      --min-count <count>     How often a word must occur to be in the vocabulary.
                              (default: 3)
      --normalize <steps>     What happens to a text before it is cut into words:
                              none, reviews, reviews-1 (which is html,nfkc,fold),
                              or steps with commas, in this order: html or markup,
                              typography, addresses, one of nfc, nfd, nfkc and
                              nfkd, emoticons, ratings, capitals, elongation,
                              contractions, lower:LOCALE, fold, strip-accents,
                              emoji, collapse-spaces. reviews is all of them but
                              html, lower, strip-accents and collapse-spaces, with
                              nfkc. (default: reviews)

    RECIPE:
      --epochs <count>        The number of passes over the texts. (default: 6)
      --learning-rate <rate>  The greatest learning rate. (default: 0.001)
      --batch-tokens <count>  The most tokens that are learned in one step
                              (default: 8192, less where there are few texts).
      --batch-texts <count>   The most texts that are learned in one step (default:
                              no limit).
      --clip <norm>           The norm to which larger gradients are scaled down;
                              0: never. (default: 1.0)
      --averaging <share>     The decay of the moving average of the weights that
                              is kept; 0: no average. (default: 0.0)
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
      --candidates <count>    The number of wrong words that are drawn for a window
                              of steps. (default: 1024)
      --window <count>        The number of steps that gradients reach back; states
                              are carried on. (default: 100)
      --word-dropout <share>  The fraction of words that are read as unknown.
                              (default: 0.0)
      --embedding-dropout <share>
                              The dropout of word vectors. (default: 0.1)
      --recurrent-dropout <share>
                              The dropout of recurrent weights, the same for all
                              words of a batch. (default: 0.0)
      --output-dropout <share>
                              The dropout before the output, the same for all words
                              of a text. (default: 0.2)

    OPTIONS:
      --text-field <name>     The field that holds the text of a row. (default:
                              text)
      -o, --output <file>     Where the model is written.
      --validation-count <count>
                              The number of texts that are held out. (default: 500)
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
