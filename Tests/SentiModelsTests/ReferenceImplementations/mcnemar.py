"""Writes Fixtures/mcnemar.json: McNemar's test by SciPy.

    python mcnemar.py ../Fixtures

Made with SciPy 1.17.1: `binomtest` for the exact probability, `chi2.sf` for that of the statistic
with Edwards' continuity correction.
"""

import json
import pathlib
import sys

from scipy.stats import binomtest, chi2

PAIRS = [
    (1, 0), (0, 5), (10, 2), (2, 10), (7, 7), (8, 7), (59, 121), (400, 312), (5000, 5200),
    (12_000, 12_450), (3, 900),
]


def case(first, second):
    statistic = max(abs(first - second) - 1, 0) ** 2 / (first + second)
    return {
        "first": first, "second": second,
        "exact": binomtest(first, first + second, 0.5).pvalue,
        "chiSquared": statistic, "chiSquaredProbability": chi2.sf(statistic, 1)}


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1]) / "mcnemar.json"
    path.write_text(json.dumps([case(*pair) for pair in PAIRS], indent=1) + "\n")
