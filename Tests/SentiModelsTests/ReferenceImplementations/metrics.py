"""Writes Fixtures/metrics.json: classification metrics by scikit-learn.

    python metrics.py ../Fixtures

Made with scikit-learn 1.9.1, NumPy 2.4.6, seed 7. scikit-learn has no expected calibration
error; it is computed here from its definition, Guo et al. 2017, equation 3, with 15 bins.
"""

import json
import pathlib
import sys

import numpy
import sklearn
from sklearn import metrics

SEED = 7


def expected_calibration_error(labels, probabilities, bin_count=15):
    confidence = probabilities.max(axis=1)
    is_right = probabilities.argmax(axis=1) == labels
    error = 0.0
    for index in range(bin_count):
        lower, upper = index / bin_count, (index + 1) / bin_count
        members = (confidence > lower) & (confidence <= upper)
        if members.any():
            gap = abs(is_right[members].mean() - confidence[members].mean())
            error += members.mean() * gap
    return error


def case(name, labels, probabilities):
    class_count = probabilities.shape[1]
    classes = list(range(class_count))
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=classes, zero_division=0
    )
    if class_count == 2:
        area = metrics.roc_auc_score(labels, probabilities[:, 1])
    elif set(labels) == set(classes):
        area = metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro")
    else:
        area = None
    return {
        "name": name,
        "labels": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "macroF1": metrics.f1_score(
            labels, predicted, labels=classes, average="macro", zero_division=0
        ),
        "confusionMatrix": metrics.confusion_matrix(labels, predicted, labels=classes).tolist(),
        "rocAUC": area,
        "logLoss": metrics.log_loss(labels, probabilities, labels=classes),
        "expectedCalibrationError": expected_calibration_error(labels, probabilities),
    }


def probabilities(generator, labels, class_count, decimals):
    """Probabilities that favour the true label a little, in steps that make ties."""
    scores = generator.normal(size=(len(labels), class_count))
    scores[numpy.arange(len(labels)), labels] += 1.0
    raw = numpy.exp(scores) / numpy.exp(scores).sum(axis=1, keepdims=True)
    stepped = raw.round(decimals)
    stepped[:, 0] += 1 - stepped.sum(axis=1)
    return stepped.round(decimals)


def main(folder):
    generator = numpy.random.default_rng(SEED)
    binary = generator.integers(0, 2, 70)
    three = generator.integers(0, 3, 50)
    absent = generator.choice([0, 1, 3], 40)
    cases = [
        case("two classes, many ties", binary, probabilities(generator, binary, 2, 1)),
        case("three classes", three, probabilities(generator, three, 3, 2)),
        case("four classes, one never true", absent, probabilities(generator, absent, 4, 3)),
    ]
    fixture = {"scikit-learn": sklearn.__version__, "seed": SEED, "cases": cases}
    (folder / "metrics.json").write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
