"""Scores a CSV file with the net of a senti model in PyTorch, in padded batches of 64.

    python score_torch.py REVIEWS.csv MODEL.safetensors --answers OUT.csv --json FIGURE.json

The batches are the file's rows in order, filled up to the longest, as most scripts do it.
"""

import torch

from scoring import parser, run, without_entities, word_tokenizer
from senti_model import Model, padded

BATCH_SIZE = 64


def main():
    options = parser(__doc__).parse_args()
    torch.set_num_threads(options.threads)
    model = Model(options.model)
    tokenizer = word_tokenizer(model.vocabulary, model.metadata["senti.tokenizer"])

    @torch.inference_mode()
    def score(texts):
        encodings = tokenizer.encode_batch([without_entities(text) for text in texts])
        # A text without a word is read as one unknown word.
        sequences = [encoding.ids or [1] for encoding in encodings]
        tokens, lengths = padded(sequences)
        outputs, _ = model.net.encoder(model.net.embedding(tokens))
        logits = model.net.output(model.net.pooled(outputs, lengths))
        probabilities = torch.softmax(logits / model.temperature, 1)[:, -1]
        return probabilities.tolist(), int(lengths.sum())

    run(options, "torch, padded batches of 64", score, BATCH_SIZE)


if __name__ == "__main__":
    main()
