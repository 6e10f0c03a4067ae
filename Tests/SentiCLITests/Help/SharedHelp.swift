extension Help {
  /// What all verbs say that search for texts.
  static let searchOptions = """
    SEARCH:
      --beam <count>          How many hypotheses go on at each step. (default: 1)
      --length-penalty <power>
                              The power of the length that a score is divided by
                              (default: 1; of captions 0).
      --patience <count>      Stop after so many beams of finished hypotheses
                              (default: when no other can win).
      --exact                 Take log-probabilities from a whole softmax: slower,
                              and off by nothing.
      --min-length <count>    The fewest tokens of a text. (default: 0)
      --max-length <count>    The most tokens of a text (default: 256; of a
                              translation, twice its source's and 10).
      --repetition-penalty <factor>
                              What the log-probability of a token is multiplied by
                              that was there before. (default: 1.0)
      --no-repeat-ngram <count>
                              The length of runs of tokens that never come twice.
                              (default: 0)
      --ban <word>            A word that never comes; may be given many times.
      --prefix <text>         What every text begins with.
      --sample                Draw tokens by chance rather than search.
      --temperature <number>  With --sample: below 1, the likely is likelier.
                              (default: 1.0)
      --top-k <count>         With --sample: draw from so many tokens; 0 for all.
                              (default: 0)
      --top-p <share>         With --sample: draw from this share of probability.
                              (default: 1.0)
      --seed <number>         With --sample: what all chance follows from.
                              (default: 0)
    """

  /// What all verbs say that print what a model writes, and the model itself.
  static let generationOutputOptions = """
      -m, --model <file>      The model file.
      --threads <count>       The number of threads (default: one a core). Results
                              do not depend on it.
      --n-best <count>        How many texts are written of each input. (default: 1)
      --format <format>       How results are written. (values: text, json, jsonl,
                              csv, tsv; default: text)
      --capitals              Put capitals at the starts of sentences.
      --language <language>   Whose rules of spaces marks go by. (values: en, de,
                              fr; default: en)
      --explain <file>        Where a page for a browser is written that shows the
                              probability of each token, and what a translator
                              looked at, of the first 50 inputs.
      --force                 Replace the page where it exists.
    """

  /// What all verbs say that measure what a model writes, and the model itself.
  static let evaluationOptions = """
      -m, --model <file>      The model file.
      --threads <count>       The number of threads (default: one a core). Results
                              do not depend on it.
      --lowercase             Lower-case all texts for BLEU and chrF.
      --tokenization <tokenization>
                              How BLEU cuts words; none is for texts that are cut
                              already. (values: 13a, none; default: 13a)
      --min-bleu <percent>    The BLEU-4 below which the exit status is 1.
      --capitals              Put capitals at the starts of sentences.
      --language <language>   Whose rules of spaces marks go by. (values: en, de,
                              fr; default: en)
      --format <format>       How the figures are written. (values: text, json,
                              jsonl; default: text)
    """

  /// What all verbs say that read rows.
  static let rowInputOptions = """
    ARGUMENTS:
      <inputs>                Tables, texts and folders of them; - or a pipe is
                              standard input.

    OPTIONS:
      --files-from <file>     Read the files whose paths this file lists, one text
                              each; - is standard input.
      --text-field <name>     The field that holds the text of a row. (default:
                              text)
      --id-field <name>       The field by which messages tell rows apart.
      --delimiter <character> What separates the fields of CSV or TSV: a character,
                              comma, semicolon, pipe or tab (default: by the
                              header).
      --input-format <format> The format of the input (default: by the end of its
                              name, else by its content). (values: csv, tsv, jsonl,
                              lines, nul)
      --encoding <encoding>   The encoding of the input; auto is UTF-16 where the
                              first bytes say so, else UTF-8. (values: auto, utf-8,
                              utf-16, latin-1, windows-1252; default: auto)
      --max-row-bytes <count> The longest row that is read, in bytes. (default:
                              1073741824)
    """

  /// What all verbs say that read labelled texts.
  static let labelledDataOptions = """
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
    """

  /// What all verbs say that score with a model.
  static let modelOptions = """
      -m, --model <file>      A model file (default: the English model that comes
                              with senti).
      --threads <count>       The number of threads (default: one a core). Results
                              do not depend on it.
    """

  /// What all verbs say that train.
  static let trainingRunOptions = """
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
    """

  /// What all verbs say that train, of the cell.
  static let cellsOptions = """
      --cell <cell>           The recurrent cell. (values: rnn, rnn-relu, rnn-elu,
                              rnn-leaky-relu, rnn-sigmoid, rnn-hard-sigmoid,
                              rnn-softsign, rnn-layer-norm, gru,
                              gru-reset-before-product, gru-layer-norm,
                              gru-reset-before-product-layer-norm, lstm,
                              lstm-peephole, lstm-layer-norm; default: gru)
    """

  /// What all verbs say that train, of gradients, averages and the seed.
  static let stepOptions = """
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
    """
}
