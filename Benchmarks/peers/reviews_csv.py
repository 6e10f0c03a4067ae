"""Writes the labelled reviews of a folder as one CSV file, in random order.

    python reviews_csv.py aclImdb/train reviews.csv

The columns are id, label and text; the seed is fixed, so that a prefix of the file is a fair sample.
"""

import csv
import pathlib
import random
import sys


def main(folder, target):
    files = [file for label in ("neg", "pos") for file in sorted((folder / label).glob("*.txt"))]
    random.Random(1).shuffle(files)
    with target.open("w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(["id", "label", "text"])
        for file in files:
            text = file.read_text(encoding="utf-8")
            writer.writerow([file.stem, file.parent.name, text])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
