extension Help {
  static let trainSentiment = """
    OVERVIEW: Train a sentiment classifier on labelled texts.

    The texts are a folder whose folders are the labels, one text a file, or a
    .csv, .tsv or .jsonl file with named fields. Labels such as neg and pos, and 0
    and 1 where there are no others, become negative and positive; see --stars and
    --label-map for numbers of stars. Some texts are held out; no text is on both
    sides. The epoch that is best on them is kept, and its probabilities are
    calibrated on them.

    The same texts, options, seed and number of threads give the same weights, bit
    for bit, also when the training was interrupted with Ctrl-C and resumed.

    Examples:
      senti train sentiment aclImdb/train -o model.safetensors --bidirectional
      senti train sentiment b.csv -o b.safetensors --from a.safetensors --freeze
    embedding.

    USAGE: senti train sentiment [<options>] <data> --output <file>

    ARGUMENTS:
      <data>                  A folder whose folders are the labels, or a table; -
                              is standard input.

    NET:
      --cell <cell>           The recurrent cell. (values: rnn, rnn-relu, rnn-elu,
                              rnn-leaky-relu, rnn-sigmoid, rnn-hard-sigmoid,
                              rnn-softsign, rnn-layer-norm, gru,
                              gru-reset-before-product, gru-layer-norm,
                              gru-reset-before-product-layer-norm, lstm,
                              lstm-peephole, lstm-layer-norm; default: gru)
      --embedding-size <size> The width of a word vector. (default: 128)
      --hidden-size <size>    The number of hidden units of each direction.
                              (default: 256)
      --layers <count>        The number of recurrent layers. (default: 1)
      --bidirectional         Read every text in both directions.
      --pooling <kinds>       What a text is summed up by, side by side: last, max
                              and mean, with commas. (default: last,max,mean)
      --max-size <count>      The most words in the vocabulary, the four special
                              ones included. (default: 30000)
      --min-count <count>     How often a word must occur to be in the vocabulary.
                              (default: 2)
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
      --word-dropout <share>  The share of words that are read as unknown.
                              (default: 0.1)
      --embedding-dropout <share>
                              The dropout of word vectors. (default: 0.3)
      --layer-dropout <share> The dropout between layers, the same for all words of
                              a text. (default: 0.0)
      --recurrent-dropout <share>
                              The dropout of recurrent weights, the same for all
                              words of a batch. (default: 0.0)
      --output-dropout <share>
                              The dropout before the output. (default: 0.5)
      --label-smoothing <share>
                              The share of probability that is spread over all
                              labels. (default: 0.0)
      --label-weights <weights>
                              What the loss of each label's texts is multiplied by,
                              as label=weight with commas; labels that are not
                              named keep 1; balanced: all labels weigh the same in
                              sum.
      --temperature <temperature>
                              The temperature at which a teacher's probabilities
                              are learned (--soft-label-field). (default: 1.0)
      --hard-share <share>    The weight of a text's own label beside its soft
                              label. (default: 0.0)
      --longest-memory <count>
                              How many words a fresh net's gates remember (default:
                              a few).
      --adversarial <share>   How far word vectors are moved against the net,
                              relative to their norm. (default: 0.0)

    TRANSFER:
      --from <file>           Start from this classifier or language model: its
                              layers, and the vectors of words that both know. The
                              net takes over its shape and normalization, and of a
                              language model the vocabulary.
      --word-vectors <file>   Start from the word vectors in this file of GloVe,
                              word2vec or fastText.
      --freeze <prefix>       Leave parameters as they are whose names begin so; *
                              stands for anything. Can be repeated.
      --discriminative-rates  Train each layer at the rate of the one above divided
                              by 2.6.
      --gradual-unfreezing    Train the output alone in the first epoch, and one
                              layer more in each that follows.

    OPTIONS:
      --text-field <name>     The field that holds the text of a row. (default:
                              text)
      --label-field <name>    The field that holds the label of a row. (default:
                              label)
      --label-map <labels=label>
                              What labels of the data mean, as in
                              '1,2=negative;3=neutral;4,5=positive'; texts whose
                              label means nothing (3=) are left out. May be given
                              many times.
      --stars                 Labels are stars: of 5, up to 2 is negative and from
                              4 on positive; where one is above 5, of 10, up to 4
                              and from 7 on; neutral between.
      --delimiter <character> What separates the fields of CSV or TSV: a character,
                              comma, semicolon, pipe or tab (default: by the
                              header).
      --input-format <format> The format of the input (default: by the end of its
                              name, else by its content). (values: csv, tsv, jsonl,
                              lines, nul)
      --encoding <encoding>   The encoding of the input; auto is UTF-16 where the
                              first bytes say so, else UTF-8. (values: auto, utf-8,
                              utf-16, latin-1, windows-1252; default: auto)
      --validation-share <share>
                              The share of texts that are held out (default: a
                              tenth).
      --validation-count <count>
                              The number of texts that are held out.
      --validation <file>     Labelled texts to evaluate epochs by, with the same
                              fields; none are held out then.
      --soft-label-field <name>
                              The field that holds a teacher's probabilities, as an
                              object of labels or an array in the order of the
                              labels; a row may lack it.
      --weight-field <name>   The field that holds the weight of a row in the loss;
                              a row may lack it.
      -o, --output <file>     Where the model is written.
      --patience <count>      Stop early after this many epochs without a better
                              one.
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
