"""Writes Fixtures/float*.npy: the same [2, 3] numbers in the three types that are read.

    python numpy_arrays.py ../Fixtures

Made with NumPy 2.4.6.
"""

import pathlib
import sys

import numpy

VALUES = [[0.5, -1.25, 3.0], [65504.0, 6.1035156e-05, -0.0]]

for kind in ("float16", "float32", "float64"):
    numpy.save(pathlib.Path(sys.argv[1]) / f"{kind}.npy", numpy.array(VALUES, dtype=kind))
