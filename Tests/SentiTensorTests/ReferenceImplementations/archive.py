"""Writes Fixtures/from-python.safetensors: every element type that senti reads.

    python archive.py ../Fixtures

Made with torch 2.15.0 and safetensors 0.8.0.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file

VALUES = [0.0, -0.0, 1.0, -2.5, 0.1, 65504.0, 6e-8, float("inf")]


def main(folder: pathlib.Path) -> None:
    tensors = {
        name: torch.tensor(VALUES, dtype=torch.float64).to(dtype).reshape(2, 4)
        for name, dtype in [
            ("float64", torch.float64),
            ("float32", torch.float32),
            ("float16", torch.float16),
            ("brainFloat16", torch.bfloat16),
        ]
    }
    tensors |= {
        "integer64": torch.tensor([-(2**63), 2**63 - 1], dtype=torch.int64),
        "integer32": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "integer8": torch.tensor([-128, 127], dtype=torch.int8),
        "unsigned32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
        "unsigned8": torch.tensor([0, 255, 7], dtype=torch.uint8),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
    }
    metadata = {"text": 'caf\u00e9 "quoted" \\ \U0001f600\n'}
    save_file(tensors, folder / "from-python.safetensors", metadata=metadata)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
