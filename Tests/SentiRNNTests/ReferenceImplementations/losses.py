"""Writes Fixtures/losses.json by PyTorch.

    python losses.py ../Fixtures

Made with torch 2.15.0 on a CPU, double precision, seed 400. Each case holds the loss, as the sum over
the rows, and its gradients. The sampled softmax has no module in PyTorch; its formula is written out
and differentiated by autograd.
"""

import pathlib
import sys

import torch
from torch import nn

import fixture

SEED = 400
ROWS, CLASSES, HIDDEN = 6, 11, 9


def case(loss, **leaves):
    gradients = torch.autograd.grad(loss, leaves.values())
    return {
        "loss": loss.item(),
        "inputs": fixture.tensors(leaves),
        "gradients": fixture.tensors(dict(zip(leaves, gradients))),
    }


def random(*shape):
    return torch.randn(shape).requires_grad_()


def weighted_cross_entropy():
    logits, weights = random(ROWS, 4), torch.tensor([0.5, 2.0, 1.0, 0.25])
    classes = torch.tensor([0, 1, -100, 3, 2, 1])
    loss = nn.functional.cross_entropy(
        logits, classes, weights, label_smoothing=0.2, reduction="sum")
    return case(loss, logits=logits) | {
        "classes": classes.clamp(min=0).tolist(), "mask": (classes >= 0).tolist(),
        "classWeights": weights.tolist(), "smoothing": 0.2}


def regression(function):
    predictions, targets = random(ROWS, 2), 2 * torch.randn(ROWS, 2)
    loss = function(predictions, targets, reduction="sum")
    return case(loss, predictions=predictions) | {"targets": fixture.tensor(targets)}


def adaptive_softmax():
    module = nn.AdaptiveLogSoftmaxWithLoss(HIDDEN, CLASSES, cutoffs=[3, 7], div_value=2.0)
    hidden, classes = random(ROWS, HIDDEN), torch.tensor([0, 8, 4, 2, 10, 6])
    loss = module(hidden, classes).loss * ROWS
    leaves = {"hidden": hidden} | dict(module.named_parameters())
    return case(loss, **leaves) | {
        "classes": classes.tolist(), "logProbabilities": fixture.tensor(module.log_prob(hidden))}


def sampled_softmax():
    hidden, weight, bias = random(ROWS, HIDDEN), random(CLASSES, HIDDEN), random(CLASSES, 1)
    classes = torch.tensor([0, 8, 4, 2, 10, 6])
    candidates = torch.tensor([1, 4, 0, 1, 7])
    ranks = torch.arange(CLASSES, dtype=torch.get_default_dtype())
    probabilities = torch.log((ranks + 2) / (ranks + 1)) / torch.log(torch.tensor(CLASSES + 1.0))
    right = (hidden * weight[classes]).sum(1, keepdim=True) + bias[classes]
    drawn = hidden @ weight[candidates].T + bias[candidates].T
    drawn = drawn - torch.log(len(candidates) * probabilities[candidates])
    drawn = drawn.masked_fill(candidates[None] == classes[:, None], -torch.inf)
    loss = (torch.logsumexp(torch.cat([right, drawn], 1), 1) - right[:, 0]).sum()
    return case(loss, hidden=hidden, weight=weight, bias=bias) | {
        "classes": classes.tolist(), "candidates": candidates.tolist(),
        "probabilities": fixture.tensor(probabilities)}


def main(folder):
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    functional = nn.functional
    fixture.write(folder, "losses", SEED, {
        "weightedCrossEntropy": weighted_cross_entropy(),
        "squared": regression(functional.mse_loss),
        "absolute": regression(functional.l1_loss),
        "huber": regression(lambda *a, **k: functional.huber_loss(*a, delta=0.7, **k)),
        "adaptiveSoftmax": adaptive_softmax(),
        "sampledSoftmax": sampled_softmax(),
    })


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
