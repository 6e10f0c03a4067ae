#!/usr/bin/env python3
"""Holds the texts of a behaviour suite against training texts, so that no case is learned by heart.

usage: check_overlap.py CHECKS TRAINING.jsonl ... [--record FILE]

CHECKS is a folder of suites, such as corpora/checks. A text of a case, or a variant, that is a training
text or one line or sentence of it, whatever case, punctuation and spaces, is named with its place, and
the exit status is 1. Texts of fewer than two words are not compared.

With --record, and where nothing overlaps, a hash of each text's words is written to FILE, sorted, one a
line. The suite's own test compares it with the suite: a case that was never held against the training
texts fails there.

    Benchmarks/english/check_overlap.py corpora/checks WORK/data/{train,facts,plain,plain2}.jsonl \\
        --record Tests/SentiModelsTests/Fixtures/checked-texts.txt
"""
import argparse
import json
import pathlib
import re
import sys


def key(text):
    """The words of a text, as prepare.py compares them."""
    text = re.sub(r"<br\s*/?>", " ", text)
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("\u2019", "'")))


def pieces(text):
    """The text, its lines and its sentences."""
    yield text
    for line in re.split(r"\n|<br\s*/?>", text):
        yield line
        yield from re.split(r"(?<=[.!?])\s+", line)


def fingerprint(text):
    """FNV-1a of 64 bits over the UTF-8 bytes without ASCII punctuation, blanks and capitals.

    Simple enough to be the same in Swift: only bytes are looked at.
    """
    value = 0xCBF29CE484222325
    for byte in text.encode():
        if byte < 0x80 and not chr(byte).isalnum():
            continue
        value = (value ^ (byte | 0x20 if 0x41 <= byte <= 0x5A else byte)) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def cases(folder):
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            row = json.loads(line) if line.strip() else {}
            for text in [row["text"], *row.get("variants", [])] if "text" in row else []:
                yield f"{path}:{number}", text


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks")
    parser.add_argument("training", nargs="+")
    parser.add_argument("--record", type=pathlib.Path)
    arguments = parser.parse_args()
    places = {}
    for place, text in cases(arguments.checks):
        if " " in key(text):
            places.setdefault(key(text), (place, text))
    found = {}
    for path in arguments.training:
        with open(path, encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                for piece in pieces(json.loads(line)["text"]) if line.strip() else []:
                    words = key(piece)
                    if words in places:
                        found.setdefault(words, f"{path}:{number}")
    for words, training in sorted(found.items(), key=lambda item: places[item[0]]):
        place, text = places[words]
        print(f"{place}: stands in {training}: {text}")
    print(f"{len(places)} texts, {len(found)} in training", file=sys.stderr)
    if not found and arguments.record:
        marks = sorted({fingerprint(text) for _, text in cases(arguments.checks)})
        arguments.record.write_text("\n".join(marks) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
