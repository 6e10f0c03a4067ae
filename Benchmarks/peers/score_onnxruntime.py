"""Scores a CSV file with an exported senti model in ONNX Runtime.

    python score_onnxruntime.py REVIEWS.csv MODEL.onnx --answers OUT.csv --json FIGURE.json [--sort]

The batches are the file's rows in order, 64 at a time, as in score_torch.py. With --sort they are
what is best for ONNX Runtime: rows are sorted by length within windows of 2,048, and before the clock
starts several sizes of batch are tried on the first rows, each with all threads in one batch and with
a batch for each thread; the fastest is used.
"""

import concurrent.futures
import itertools
import time

import numpy
import onnxruntime

from scoring import batches, parser, run, sorted_batches, without_entities, word_tokenizer

WINDOW = 2048
BATCH_SIZE = 64
TRIED_BATCH_SIZES = (1, 4, 16, 64)
TRIAL_ROWS = 256


class Batching:
    """A size of batch, and how threads share the work."""

    def __init__(self, path, threads, size, session_count):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads // session_count
        options.inter_op_num_threads = 1
        self.size, self.session_count = size, session_count
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        self.pool = concurrent.futures.ThreadPoolExecutor(session_count)

    def __str__(self):
        return f"batches of {self.size}, {self.session_count} at a time"

    def probabilities(self, sequences):
        result = numpy.zeros(len(sequences))

        def fill(indices):
            lengths = numpy.array([len(sequences[index]) for index in indices], numpy.int64)
            tokens = numpy.zeros((len(indices), max(lengths.max(), 1)), numpy.int64)
            for row, index in enumerate(indices):
                tokens[row, : lengths[row]] = sequences[index]
            feeds = {"tokens": tokens, "lengths": lengths}
            result[indices] = self.session.run(["probabilities"], feeds)[0][:, -1]

        list(self.pool.map(fill, sorted_batches(sequences, self.size)))
        return result


def best_batching(options, sequences):
    trials = []
    for size, count in itertools.product(TRIED_BATCH_SIZES, sorted({1, options.threads})):
        batching = Batching(options.model, options.threads, size, count)
        batching.probabilities(sequences[:16])
        start = time.perf_counter()
        batching.probabilities(sequences)
        trials.append((time.perf_counter() - start, len(trials), batching))
    return min(trials)[2]


def main():
    arguments = parser(__doc__)
    arguments.add_argument("--sort", action="store_true", help="batch as is best")
    options = arguments.parse_args()
    metadata = onnxruntime.InferenceSession(options.model).get_modelmeta().custom_metadata_map
    tokenizer = word_tokenizer(metadata["vocabulary"].encode(), metadata["senti.tokenizer"])

    def encoded(texts):
        encodings = tokenizer.encode_batch([without_entities(text) for text in texts])
        return [encoding.ids for encoding in encodings]

    if options.sort:
        batching = best_batching(options, encoded(next(batches(options, TRIAL_ROWS))))
        window, order = WINDOW, "sorted"
    else:
        batching = Batching(options.model, options.threads, BATCH_SIZE, 1)
        window, order = BATCH_SIZE, "in order"

    def score(texts):
        sequences = encoded(texts)
        return batching.probabilities(sequences), sum(map(len, sequences))

    run(options, f"onnxruntime, {order}, {batching}", score, window)


if __name__ == "__main__":
    main()
