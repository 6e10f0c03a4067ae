"""Makes the fixtures of nets that write: outputs, loss and gradients of PyTorch's autograd.

    python generation.py FIXTURES

Sizes are small and no two of a case are equal, so that no swap of two sizes goes unseen.
"""

import pathlib
import sys

import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [
    str(HERE.parents[1] / "SentiRNNTests" / "ReferenceImplementations"),
    str(HERE.parents[2] / "Benchmarks" / "peers")]

import fixture  # noqa: E402
from decoder_net import GenerationNet  # noqa: E402

SMOOTHING = 0.1
START, END = 2, 3
VECTOR = dict(vocabulary_size=11, vector_size=6, embedding_size=5, hidden_size=4)
TEXT = dict(vocabulary_size=11, vector_size=0, embedding_size=5, hidden_size=4)
ENCODER = dict(vocabulary_size=9, hidden_size=3)
CASES = {
    "captioner-initial-state": VECTOR | dict(layer_count=2),
    "captioner-first-input": VECTOR | dict(entry="first-input", cell="lstm", is_tied=False),
    "captioner-every-step": VECTOR | dict(entry="every-step", layer_count=2, cell="lstm"),
    "captioner-then-zeros": VECTOR | dict(entry="then-zeros"),
    "translator-additive": TEXT | dict(
        layer_count=3, attention="additive", encoder=ENCODER | dict(layer_count=2)),
    "translator-dot": TEXT | dict(
        cell="lstm", attention="dot", is_tied=False,
        encoder=ENCODER | dict(vocabulary_size=11, shares_embedding=True)),
    "translator-dot-one-direction": TEXT | dict(
        layer_count=2, attention="dot", entry="every-step",
        encoder=ENCODER | dict(is_bidirectional=False, hidden_size=7)),
    "translator-final-vector": TEXT | dict(encoder=ENCODER, cell="lstm", layer_count=2),
}


def pad(sequences):
    return nn.utils.rnn.pad_sequence([torch.tensor(s) for s in sequences], batch_first=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    for seed, (name, shape) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        net = GenerationNet(**shape).double()
        targets = [[5, 5, 9, 4], [7], [], [10, 4, 5, 6, 8, 9]]
        if shape.get("encoder"):
            sources = [[4, 4, 6], [8, 5, 7, 4, 1], [6], [5, 4]]
            lengths = torch.tensor([len(source) for source in sources])
            state = net.start(pad(sources), lengths)
        else:
            sources = torch.randn(4, shape["vector_size"], dtype=torch.float64)
            state = net.start(sources)
            sources = sources.tolist()
        logits = net(pad([[START] + target for target in targets]), state)
        rows = torch.cat([logits[i, :len(target) + 1] for i, target in enumerate(targets)])
        classes = torch.tensor([token for target in targets for token in target + [END]])
        loss = nn.functional.cross_entropy(rows, classes, label_smoothing=SMOOTHING)
        loss.backward()
        slots = net.named_slots()
        fixture.write(folder, name, seed, {
            "shape": {k: v for k, v in shape.items()}, "smoothing": SMOOTHING,
            "sources": sources, "targets": targets,
            "log_probabilities": fixture.tensor(rows.log_softmax(-1)), "loss": loss.item(),
            "parameters": fixture.tensors(slots),
            "gradients": fixture.tensors({n: value.grad for n, value in slots.items()})})


if __name__ == "__main__":
    main()
