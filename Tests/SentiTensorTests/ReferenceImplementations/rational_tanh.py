"""Derives the coefficients of the single-precision tanh in CSentiKernels.

tanh(x) is approximated on |x| <= 9 by x * P(x^2) / Q(x^2), P of degree 6 and Q of degree 3 in x^2.
The coefficients minimize the largest relative error by Lawson's weighted least squares on Chebyshev
nodes, linearized around the last denominator. Needs mpmath; deterministic.

    python rational_tanh.py
"""

import mpmath as mp
import numpy as np

mp.mp.dps = 40
LIMIT, P_DEGREE, Q_DEGREE, NODES, ROUNDS = 9.0, 6, 3, 400, 60


def fit():
    x = [LIMIT * (1 - mp.cos(mp.pi * (2 * i + 1) / (4 * NODES))) for i in range(NODES)]
    t = [mp.tanh(v) / v for v in x]
    weights = [mp.mpf(1)] * NODES
    denominator = [mp.mpf(1)] * NODES
    best = None
    for _ in range(ROUNDS):
        rows, right = [], []
        for i in range(NODES):
            u, w = x[i] ** 2, mp.sqrt(weights[i]) / (t[i] * denominator[i])
            row = [w * u**j for j in range(P_DEGREE + 1)]
            row += [-w * t[i] * u**j for j in range(1, Q_DEGREE + 1)]
            rows.append(row)
            right.append(w * t[i])
        solution = mp.qr_solve(mp.matrix(rows), mp.matrix(right))[0]
        p = [solution[j] for j in range(P_DEGREE + 1)]
        q = [mp.mpf(1)] + [solution[P_DEGREE + j] for j in range(1, Q_DEGREE + 1)]
        denominator = [mp.polyval(q[::-1], v**2) for v in x]
        errors = [abs(mp.polyval(p[::-1], x[i] ** 2) / denominator[i] / t[i] - 1) for i in range(NODES)]
        worst = max(errors)
        if best is None or worst < best[0]:
            best = (worst, p, q)
        weights = [weights[i] * (errors[i] + worst / 100) for i in range(NODES)]
        total = sum(weights)
        weights = [w * NODES / total for w in weights]
    return best


def single_precision_error(p, q):
    x = np.linspace(1e-4, 12, 2_000_001).astype(np.float32)
    u = np.minimum(x, np.float32(LIMIT))
    s = u * u
    top, bottom = np.float32(p[-1]), np.float32(q[-1])
    for c in p[-2::-1]:
        top = top * s + np.float32(c)
    for c in q[-2::-1]:
        bottom = bottom * s + np.float32(c)
    exact = np.tanh(x.astype(np.float64))
    return np.max(np.abs(u * top / bottom / exact - 1))


if __name__ == "__main__":
    worst, p, q = fit()
    print("largest relative error of the fit:", mp.nstr(worst, 5))
    for name, coefficients in (("P", p), ("Q", q)):
        print(name, ", ".join(f"{float(c):.9g}f" for c in coefficients))
    print("largest relative error in single precision:", single_precision_error([float(c) for c in p], [float(c) for c in q]))
