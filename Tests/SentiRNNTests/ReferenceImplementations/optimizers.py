"""Writes Fixtures/optimizers.json, sparse-adam.json and gradient-clipping.json by PyTorch.

    python optimizers.py ../Fixtures

Made with torch 2.15.0 on a CPU, double precision, seed 300. Each case starts from the same
parameters `weight` [2, 3] and `bias` [4], and takes five steps on the same given gradients; the
parameters are noted after each step, and so are the averages where the optimizer keeps them. In the
cases whose names end in `-freed`, `weight` has no gradient in the first three steps; they have no
averages, for PyTorch's leave out the steps in which a parameter was frozen, and senti's count them.
The sparse case has gradients for two rows of a table [5, 3] at each of six steps.
"""

import pathlib
import sys

import torch

import fixture

SEED = 300
SHAPES = {"weight": (2, 3), "bias": (4,)}
STEP_COUNT = 5
FROZEN_STEP_COUNT = 3
CASES = {
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "adam": (torch.optim.Adam, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8}),
    "adam-other-betas": (torch.optim.Adam, {"lr": 0.02, "betas": [0.7, 0.99], "eps": 1e-3}),
    "adamw": (
        torch.optim.AdamW, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}),
    "rmsprop-momentum": (
        torch.optim.RMSprop, {"lr": 0.02, "alpha": 0.9, "eps": 1e-3, "momentum": 0.8}),
    "averaged-sgd": (torch.optim.ASGD, {"lr": 0.1, "lambd": 0.05, "alpha": 0.75, "t0": 1}),
}


def random_tensors():
    return {name: torch.randn(shape) for name, shape in SHAPES.items()}


def optimizer_case(name, initial, gradients, frees_late=False):
    optimizer_type, options = CASES[name]
    parameters = {key: value.clone().requires_grad_() for key, value in initial.items()}
    optimizer = optimizer_type(parameters.values(), **options)
    steps, averages = [], []
    for index, step in enumerate(gradients):
        for key, value in parameters.items():
            is_frozen = frees_late and key == "weight" and index < FROZEN_STEP_COUNT
            value.grad = None if is_frozen else step[key].clone()
        optimizer.step()
        steps.append(fixture.tensors(parameters))
        if optimizer_type is torch.optim.ASGD and not frees_late:
            averages.append(fixture.tensors(
                {key: optimizer.state[value]["ax"] for key, value in parameters.items()}))
    return {
        "name": name + ("-freed" if frees_late else ""), "options": options,
        "parametersAfterStep": steps, "averagesAfterStep": averages,
    }


def sparse_case():
    table = torch.randn(5, 3)
    rows = [[0, 2], [2, 3], [0, 3], [2, 4], [3, 2], [0, 4]]
    gradients = [torch.randn(2, 3) for _ in rows]
    parameter = table.clone().requires_grad_()
    optimizer = torch.optim.SparseAdam([parameter], lr=0.05, betas=[0.9, 0.99], eps=1e-16)
    steps = []
    for indices, values in zip(rows, gradients):
        parameter.grad = torch.sparse_coo_tensor([indices], values, table.shape)
        optimizer.step()
        steps.append(fixture.tensor(parameter))
    return {
        "initial": fixture.tensor(table), "rowsOfStep": rows,
        "gradientsOfStep": [fixture.tensor(step) for step in gradients],
        "tableAfterStep": steps,
    }


def clipping_case(gradients, maximum_norm):
    parameters = {key: value.clone().requires_grad_() for key, value in gradients.items()}
    for key, value in parameters.items():
        value.grad = gradients[key].clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters.values(), maximum_norm)
    clipped = {key: value.grad for key, value in parameters.items()}
    return {"maximumNorm": maximum_norm, "norm": norm.item(), "clipped": fixture.tensors(clipped)}


def main(folder):
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    initial = random_tensors()
    gradients = [random_tensors() for _ in range(STEP_COUNT)]
    fixture.write(folder, "optimizers", SEED, {
        "initial": fixture.tensors(initial),
        "gradientsOfStep": [fixture.tensors(step) for step in gradients],
        "cases": [optimizer_case(name, initial, gradients, frees_late)
                  for frees_late in (False, True) for name in CASES],
    })
    fixture.write(folder, "sparse-adam", SEED, sparse_case())
    fixture.write(folder, "gradient-clipping", SEED, {
        "gradients": fixture.tensors(gradients[0]),
        "cases": [clipping_case(gradients[0], norm) for norm in (0.5, 100.0)],
    })


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
