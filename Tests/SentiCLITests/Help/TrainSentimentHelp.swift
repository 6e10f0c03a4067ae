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
    \(cellsOptions)
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
      --batch-tokens <count>  The most tokens that are learned in one step.
                              (default: 8192)
    \(stepOptions)
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
      --longest-memory <count>
                              How many words a fresh net's gates remember (default:
                              a few).
      --adversarial <share>   How far word vectors are moved against the net,
                              relative to their norm. (default: 0.0)

    TRANSFER:
      --from <file>           Start from this model: its layers, and the vectors of
                              words that both know. The net takes over its shape
                              and normalization.
      --word-vectors <file>   Start from the word vectors in this file of GloVe,
                              word2vec or fastText.
      --freeze <prefix>       Leave parameters as they are whose names begin so; *
                              stands for anything. Can be repeated.
      --discriminative-rates  Train each layer at the rate of the one above divided
                              by 2.6.
      --gradual-unfreezing    Train the output alone in the first epoch, and one
                              layer more in each that follows.

    OPTIONS:
    \(labelledDataOptions)
      -o, --output <file>     Where the model is written.
      --validation-share <share>
                              The share of texts that are held out (default: a
                              tenth).
      --validation-count <count>
                              The number of texts that are held out.
    \(trainingRunOptions)
      --version               Show the version.
      -h, --help              Show help information.

    """
}
