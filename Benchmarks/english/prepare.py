#!/usr/bin/env python3
"""Makes the training and validation files of the bundled English model from the unpacked corpora.

usage: prepare.py CORPORA OUT [--commercial]

CORPORA is the folder that `shared/corpora/unpack` filled. Writes, one JSON object a line:

    OUT/train.jsonl            text, label, source
    OUT/validation/SET.jsonl   text, label, source; counterfactual pairs also `pair`
    OUT/validation.jsonl       up to 600 texts of each set, to choose epochs by
    OUT/calibration.jsonl      the same with a fifth of the neutral ones left out, to calibrate by: an
                               opinion that is answered neutral is the dearer mistake
    OUT/unlabelled.jsonl       text, source: every review without a label or beside its label
    OUT/facts.jsonl            text, label, source: captions of photographs, which hold no opinion

Everything follows from the texts: a text is held out or thinned by a hash of its words, so a run on
the same corpora gives the same files. Films are held out by title and product domains whole; the
other sets by text, a tenth each. A training text that shares an 8-gram with a held-out text is
dropped when those 8-grams are a fifth of its own, and always when it is the same words.
`--commercial` leaves out the sets whose licences forbid commercial use.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import re
import sys

HELD_DOMAINS = {"electronics", "toys_games"}
NON_COMMERCIAL = {"airline", "hotels", "amazon_devices", "financial", "drugs"}
STAR_SETS = ["yelp", "zomato", "hotels", "hotels_binary", "clothing", "instruments", "beauty",
             "amazon_devices", "alexa", "flipkart", "apps", "drugs"]
POLAR_SETS = {"yelp", "zomato", "hotels", "hotels_binary", "apps", "clothing"}
# The fraction of a source's texts that is trained on, by source and label; 1 where nothing is said.
KEPT = {
    ("semeval_tweets", "neutral"): 0.5, ("semeval_tweets", "positive"): 0.6,
    ("tweet_extraction", "neutral"): 0.25, ("tweet_extraction", "positive"): 0.5,
    ("tweet_extraction", "negative"): 0.5, ("product_tweets", "neutral"): 0.4,
    ("plot_objective", "neutral"): 0.6, ("phrases", "neutral"): 0.25,
    ("airline", "negative"): 0.6,
}
STAR_NEUTRAL_KEPT = 0.5
POSITIVES_PER_NEGATIVE = 3
GRAM = 8


def words(text):
    """The words of a text, for hashes and 8-grams."""
    return re.findall(r"[^\W_]+", re.sub(r"<br\s*/?>", " ", text).lower().replace("\u2019", "'"))


def fraction(text, salt):
    """A number in 0..<1 that follows from the words of a text."""
    digest = hashlib.sha1((salt + " ".join(words(text))).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file if line.strip()]


def detokenized(text):
    """Treebank tokens as people write them."""
    text = text.replace("\\/", "/").replace("-lrb-", "(").replace("-rrb-", ")")
    text = text.replace("-LRB-", "(").replace("-RRB-", ")")
    text = re.sub(r"``\s*|\s*''", '"', text)
    text = re.sub(r"\s+(n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = re.sub(r"\s+([.,!?;:%)])", r"\1", text)
    return re.sub(r"([(])\s+", r"\1", text)


def phrases(line):
    """The labels and tokens of all phrases of a treebank tree, the whole sentence last."""
    stack, found = [], []
    for token in re.findall(r"\(|\)|[^\s()]+", line):
        if token == "(":
            stack.append([])
        elif token == ")":
            label, *leaves = stack.pop()
            found.append((int(label), leaves))
            if stack:
                stack[-1].extend(leaves)
        else:
            stack[-1].append(token)
    return found


def class_of(label):
    return "negative" if label < 2 else "positive" if label > 2 else "neutral"


class Builder:
    def __init__(self, corpora, is_commercial):
        self.corpora = pathlib.Path(corpora)
        self.skipped = NON_COMMERCIAL if is_commercial else set()
        self.train, self.validation = [], collections.defaultdict(list)
        self.unlabelled = []

    def add(self, text, label, source, held=None, **more):
        """Adds a text to training, or to the held-out set `held` where its hash says so."""
        row = {"text": text, "label": label, "source": source, **more}
        if held and fraction(text, "held") < 0.1:
            self.validation[held].append(row)
        else:
            self.train.append(row)

    def films(self):
        root = self.corpora / "imdb/aclImdb/train"
        titles = {}
        for label in ("pos", "neg"):
            urls = (root / f"urls_{label}.txt").read_text().split()
            for path in sorted((root / label).iterdir(), key=lambda p: int(p.name.split("_")[0])):
                title = urls[int(path.name.split("_")[0])].split("/")[4]
                titles.setdefault(title, []).append((path, label))
        held = 0
        for title in sorted(titles, key=lambda t: hashlib.sha1(t.encode()).digest()):
            is_held = held < 2500
            for path, label in titles[title]:
                row = {"text": path.read_text(encoding="utf-8"), "source": "imdb",
                       "label": "positive" if label == "pos" else "negative"}
                (self.validation["films"] if is_held else self.train).append(row)
                held += is_held
        for path in sorted((root / "unsup").iterdir(), key=lambda p: int(p.name.split("_")[0])):
            self.unlabelled.append({"text": path.read_text(encoding="utf-8"), "source": "imdb_unsup"})

    def treebank(self):
        seen = set()
        for line in open(self.corpora / "sst/trees.train.txt", encoding="utf-8"):
            found = phrases(line)
            for position, (label, leaves) in enumerate(found):
                text = " ".join(leaves)
                is_sentence = position == len(found) - 1
                if text.lower() in seen or not any(c.isalpha() for c in text):
                    continue
                seen.add(text.lower())
                if is_sentence:
                    self.add(text, class_of(label), "treebank")
                    self.add(detokenized(text), class_of(label), "treebank")
                else:
                    form = text if fraction(text, "form") < 0.5 else detokenized(text)
                    self.add(form, class_of(label), "phrases")
        for line in open(self.corpora / "sst/stsa.fine.dev", encoding="utf-8"):
            label, text = line.rstrip("\n").split(" ", 1)
            name = "treebank" if label != "2" else "treebank_neutral"
            row = {"text": text, "label": class_of(int(label)), "source": "treebank"}
            self.validation[name].append(row)

    def stars(self):
        for name in STAR_SETS:
            if name in self.skipped:
                continue
            for row in rows(self.corpora / f"stars/{name}.jsonl"):
                held = "stars" if name in POLAR_SETS and row["label"] != "neutral" else None
                self.add(row["text"], row["label"], name, held)
                self.title(row, name)

    def title(self, row, name):
        title = (row.get("title") or "").strip()
        if len(words(title)) >= 2 and row.get("stars") in (1, 2, 4, 5):
            self.add(title, row["label"], f"{name}_titles", "one_line")

    def short_texts(self):
        for name in ["absa_restaurants", "absa_laptops", "airline", "product_tweets",
                     "semeval_tweets", "tweet_extraction", "financial", "news_editorial",
                     "movie_snippets_scored", "plot_objective"]:
            if name in self.skipped:
                continue
            held = "aspects" if name.startswith("absa") else (
                "tweets" if name == "semeval_tweets" else
                "airline" if name == "airline" else None)
            for row in rows(self.corpora / f"three_class/{name}.jsonl"):
                self.add(row["text"], row["label"], name, held)

    def products(self):
        files = [(path.stem, path) for path in sorted((self.corpora / "amazon_domains").glob("*.jsonl"))]
        files += [(path.stem, path) for path in sorted((self.corpora / "amazon4").glob("*.jsonl"))]
        for name, path in files:
            for row in rows(path):
                domain = row.get("domain") or name.split(".")[0]
                label = {"pos": "positive", "neg": "negative"}.get(row["label"], row["label"])
                if domain in HELD_DOMAINS:
                    self.validation["products"].append(
                        {"text": row["text"], "label": label, "source": domain})
                else:
                    self.add(row["text"], label, "products")
        for path in sorted((self.corpora / "amazon_unlabeled").glob("*.jsonl")):
            if path.stem not in HELD_DOMAINS:
                self.unlabelled += [{"text": row["text"], "source": f"unlabelled_{path.stem}"}
                                    for row in rows(path)]
        for row in rows(self.corpora / "amazon_cls/en.train.jsonl"):
            self.add(row["text"], row["label"], "amazon_cls")
            self.title(row, "amazon_cls")

    def pairs(self):
        for row in rows(self.corpora / "counterfactual/train.jsonl"):
            held = fraction(str(row["pair"]), "pair") < 0.1
            made = {"text": row["text"], "label": row["label"], "source": "counterfactual"}
            if held:
                self.validation["pairs"].append({**made, "pair": row["pair"]})
            else:
                self.train.append(made)

    def separated(self):
        """Drops training texts that a held-out text nearly equals."""
        grams, texts = set(), set()
        for held in self.validation.values():
            for row in held:
                w = words(row["text"])
                texts.add(" ".join(w))
                grams.update(hash(tuple(w[i:i + GRAM])) for i in range(len(w) - GRAM + 1))

        def is_near(row):
            w = words(row["text"])
            if " ".join(w) in texts:
                return True
            own = [hash(tuple(w[i:i + GRAM])) for i in range(len(w) - GRAM + 1)]
            shared = sum(gram in grams for gram in own)
            return shared > 0 and shared >= 0.2 * len(own)

        dropped = collections.Counter()
        for name in ("train", "unlabelled"):
            kept = []
            for row in getattr(self, name):
                if is_near(row):
                    dropped[row["source"]] += 1
                else:
                    kept.append(row)
            setattr(self, name, kept)
        return dropped

    def thinned(self):
        """Applies the sampling rates of sources and labels."""
        counts = collections.Counter((row["source"], row["label"]) for row in self.train)

        def rate(source, label):
            if (source, label) in KEPT:
                return KEPT[source, label]
            if source.removesuffix("_titles") in STAR_SETS:
                if label == "neutral":
                    return STAR_NEUTRAL_KEPT
                if label == "positive":
                    return POSITIVES_PER_NEGATIVE * counts[source, "negative"] / counts[source, label]
            return 1
        self.train = [row for row in self.train
                      if fraction(row["text"], "kept") < rate(row["source"], row["label"])]

    def without_conflicts(self):
        """Keeps one copy of equal texts, and none where their labels differ."""
        labels = collections.defaultdict(set)
        for row in self.train:
            labels[row["text"]].add(row["label"])
        seen, kept = set(), []
        for row in self.train:
            if row["text"] in seen or len(labels[row["text"]]) > 1:
                continue
            seen.add(row["text"])
            kept.append(row)
        self.train = kept


def captions(corpora, fraction_kept=0.15):
    """Some of the captions of Multi30k, as texts without an opinion."""
    lines = (pathlib.Path(corpora) / "multi30k/train.en").read_text(encoding="utf-8").split("\n")
    return [{"text": line, "label": "neutral", "source": "multi30k"}
            for line in lines if line and fraction(line, "kept") < fraction_kept]


def calibration(mixture, neutral_kept=0.8):
    """The mixture without some of its neutral texts."""
    return [row for row in mixture
            if row["label"] != "neutral" or fraction(row["text"], "calibration") < neutral_kept]


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpora")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--commercial", action="store_true")
    arguments = parser.parse_args()
    builder = Builder(arguments.corpora, arguments.commercial)
    for part in (builder.films, builder.treebank, builder.stars, builder.short_texts,
                 builder.products, builder.pairs):
        part()
    dropped = builder.separated()
    builder.without_conflicts()
    builder.unlabelled += [{"text": row["text"], "source": row["source"]} for row in builder.train]
    builder.thinned()
    builder.train.sort(key=lambda row: fraction(row["text"], "order"))
    write(arguments.out / "train.jsonl", builder.train)
    write(arguments.out / "unlabelled.jsonl", builder.unlabelled)
    write(arguments.out / "facts.jsonl", captions(arguments.corpora))
    mixture = []
    for name, held in sorted(builder.validation.items()):
        write(arguments.out / f"validation/{name}.jsonl", held)
        mixture += sorted(held, key=lambda row: fraction(row["text"], "mixture"))[:600]
    write(arguments.out / "validation.jsonl", mixture)
    write(arguments.out / "calibration.jsonl", calibration(mixture))
    for name, held in [("training", builder.train), *sorted(builder.validation.items())]:
        counts = collections.Counter(row["label"] for row in held)
        print(f"{name}: {len(held)} texts, {dict(sorted(counts.items()))}", file=sys.stderr)
    by_source = collections.Counter((row["source"], row["label"]) for row in builder.train)
    for source in sorted({source for source, _ in by_source}):
        counts = [by_source[source, label] for label in ("negative", "neutral", "positive")]
        print(f"  {source}: {' / '.join(map(str, counts))}, near duplicates dropped {dropped[source]}",
              file=sys.stderr)


if __name__ == "__main__":
    main()
