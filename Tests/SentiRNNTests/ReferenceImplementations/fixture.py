"""What all generators share: how a tensor and a file of tensors look as JSON."""

import json
import pathlib

import torch

MAXIMUM_BYTE_COUNT = 200_000


def tensor(values: torch.Tensor) -> dict:
    """A tensor as its shape and its values row by row, each with the digits that identify it."""
    return {"shape": list(values.shape), "values": values.detach().flatten().tolist()}


def tensors(named) -> dict:
    return {name: tensor(values) for name, values in named.items()}


def write(folder: pathlib.Path, name: str, seed: int, content: dict) -> None:
    fixture = {"case": name, "torch": torch.__version__, "seed": seed} | content
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in fixture.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if len(text) > MAXIMUM_BYTE_COUNT:
        raise ValueError(f"{name}: {len(text)} bytes, more than {MAXIMUM_BYTE_COUNT}")
    (folder / f"{name}.json").write_text(text)
