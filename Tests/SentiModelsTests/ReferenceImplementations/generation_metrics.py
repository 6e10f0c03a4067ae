"""Writes Fixtures/generation-metrics.json: scores of texts by sacreBLEU and the COCO tools.

    python generation_metrics.py ../Fixtures

Made with sacrebleu 2.6.0 and pycocoevalcap 1.2 (its CIDEr-D and ROUGE-L; its Java tokenizer is not
used, words are cut at spaces). The texts were written for senti.
"""

import json
import pathlib
import sys

from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge
from sacrebleu.metrics import BLEU, CHRF

# Hypothesis, then its references.
SEGMENTS = [
    ["A brown dog runs over the wet sand.", "A brown dog is running across the wet sand.",
     "The dog runs along the beach.", "A dog on wet sand."],
    ["Two children play with a red ball in the garden .", "Two kids are playing with a red ball.",
     "Children with a ball in a garden .", "Two small children play ball in the garden ."],
    ["The ticket cost $3.50, i.e. 10% more than in 1,999!", "The ticket was $3.50 -- 10% more.",
     "It cost $3.50, i.e. ten percent more than in 1,999.", "The ticket cost $3.50 in 1999!"],
    ["a man a man a man a man on a horse", "A man rides a horse.", "a man on a horse",
     "The rider and his horse"],
    ["Nobody knows...", "Nobody knows what the \"old\" woman sells.",
     "An old woman sells apples.", "A stall with apples & pears."],
    ["Zwei M\u00e4nner tragen ein gr\u00fcnes Sofa \u00fcber die Stra\u00dfe.",
     "Zwei M\u00e4nner tragen ein Sofa \u00fcber eine Stra\u00dfe.", "Ein gr\u00fcnes Sofa wird getragen.",
     "\u00c4ltere M\u00e4nner mit einem gr\u00fcnen Sofa."],
    ["Le gar\u00e7on n'a que 7-8 ans, n'est-ce pas ?", "Le gar\u00e7on a sept ans, n'est-ce pas ?",
     "Ce gar\u00e7on n'a que 7-8 ans !", "L'enfant a 7-8 ans \u00e0 peine."],
    ["Cats &amp; dogs (well-fed) sleep; 2-3 birds watch&lt;", "Cats & dogs sleep, birds watch <",
     "Two well-fed cats and a dog sleep.", "Some animals (cats, dogs) sleep"],
    ["blue", "a blue boat", "blue water", "The sea is blue, the boat is white."],
    ["", "Nothing was said.", "Silence", "No words at all."],
    ["An umbrella stands in the corner of the room.", "An umbrella stands in the corner.",
     "Umbrella in the corner of a room.", "An umbrella stands in the corner of the room."],
]
SETTINGS = [
    dict(),
    dict(lowercase=True),
    dict(tokenize="none"),
    dict(tokenize="none", lowercase=True, smooth_method="none"),
    dict(smooth_method="floor"),
    dict(smooth_method="add-k"),
    dict(effective_order=True),
    dict(effective_order=True, smooth_method="floor", smooth_value=0.25),
]


def bleu_case(segments, settings):
    hypotheses = [segment[0] for segment in segments]
    references = [list(column) for column in zip(*(segment[1:] for segment in segments))]
    scores = []
    for order in range(1, 5):
        bleu = BLEU(max_ngram_order=order, **settings)
        score = bleu.corpus_score(hypotheses, references)
        scores.append(score.score)
    return {
        "segments": segments,
        "lowercase": settings.get("lowercase", False),
        "tokenize": settings.get("tokenize", "13a"),
        "smooth": settings.get("smooth_method", "exp"),
        "smoothValue": settings.get("smooth_value"),
        "effective": settings.get("effective_order", False),
        "scores": scores,
        "lengths": [score.sys_len, score.ref_len],
        "signature": str(bleu.get_signature()),
    }


def chrf_case(segments, words, lowercase):
    hypotheses = [segment[0] for segment in segments]
    references = [list(column) for column in zip(*(segment[1:] for segment in segments))]
    metric = CHRF(word_order=words, lowercase=lowercase)
    score = metric.corpus_score(hypotheses, references).score
    return {"segments": segments, "words": words, "lowercase": lowercase, "score": score}


def coco_case(segments):
    truth = {index: segment[1:] for index, segment in enumerate(segments)}
    found = {index: segment[:1] for index, segment in enumerate(segments)}
    cider, _ = Cider().compute_score(truth, found)
    rouge, _ = Rouge().compute_score(truth, found)
    return {"segments": segments, "cider": float(cider), "rouge": float(rouge)}


def main(folder):
    first = [segment[:2] for segment in SEGMENTS]
    spaced = [[" ".join(text.split()) for text in segment] for segment in SEGMENTS if segment[0]]
    content = {
        "bleu": [bleu_case(SEGMENTS, s) for s in SETTINGS]
        + [bleu_case(first, s) for s in SETTINGS[:1]]
        + [bleu_case([segment], dict(effective_order=True)) for segment in SEGMENTS],
        "chrF": [chrf_case(SEGMENTS, words, lower) for words in (0, 2) for lower in (False, True)]
        + [chrf_case([segment], 2, False) for segment in SEGMENTS],
        "coco": [coco_case(spaced), coco_case([s[:2] for s in spaced]), coco_case(spaced[:3])],
        "words": [{"text": t, "words": BLEU().tokenizer(t.rstrip()).split()}
                  for segment in SEGMENTS for t in segment]
        + [{"text": t, "words": BLEU().tokenizer(t.rstrip()).split()}
           for t in ["end-\nless", "a\nb", "..,..", "1.,2", "x.5 5.x", "<skipped>a", "it's 5-6-7",
                     "\u00abOui\u00bb \u2014 \u2026\u3000\u4f60\u597d", "~{}[]^`|\\@#$%&*+=_",
                     "\x1ca\x1fb\u2028c"]],
    }
    path = pathlib.Path(folder) / "generation-metrics.json"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
