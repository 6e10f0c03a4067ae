#!/usr/bin/env python3
"""Fine-tunes a sentence encoder on short labelled texts, and labels sentences with it.

    tune.py train ENCODER GOLD.jsonl VALIDATION.jsonl MODEL.pt [--epochs N] [--frozen-layers N]
        [--sources NAME,NAME]
    tune.py label ENCODER MODEL.pt TEXTS.jsonl OUT.jsonl [--count N] [--int8]

`train` trains every layer but the embeddings and the first --frozen-layers with a head of three
classes on the mean of the last layer's states, on the texts of --sources alone where given. It prints
the accuracy on every validation set after each epoch, and keeps its state in MODEL.pt.checkpoint
every 200 steps: a run that was stopped goes on. `label` appends the
`probabilities` of negative, neutral and positive to each text, as
`senti train sentiment --soft-label-field` reads them, and goes on behind its last text. With --int8 it
is twice as fast, a point worse on the treebank, and a label depends on the texts of its batch.

ENCODER is an unzipped encoder of the BERT family, such as all-MiniLM-L6-v2 or all-mpnet-base-v2
(both Apache-2.0); see requirements.txt.
"""
import argparse
import json
import os
import pathlib
import random
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from teacher import LABELS, accuracy_table, batches_by_length, padded, rows

LONGEST = 64
CHECKPOINT_EVERY = 200


class Classifier(torch.nn.Module):
    """An encoder, the mean of its last states, and a layer of three classes."""

    def __init__(self, folder, frozen_layers=0):
        super().__init__()
        from transformers import AutoModel, AutoTokenizer
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        try:
            self.encoder = AutoModel.from_pretrained(folder, attn_implementation="sdpa")
        except ValueError:  # MPNet has its own attention alone.
            self.encoder = AutoModel.from_pretrained(folder)
        for part in self.encoder.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:frozen_layers]:
            layer.requires_grad_(False)
        self.dropout = torch.nn.Dropout(0.2)
        self.output = torch.nn.Linear(self.encoder.config.hidden_size, len(LABELS))

    def ids(self, text):
        return self.tokenizer(text, truncation=True, max_length=LONGEST)["input_ids"]

    def forward(self, ids):
        tokens, mask = padded(ids, self.tokenizer.pad_token_id)
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        real = mask.unsqueeze(-1).float()
        return self.output(self.dropout((states * real).sum(1) / real.sum(1)))

    def logits(self, ids, budget=4096):
        """Logits of texts, [N, 3]; batches hold texts of like length."""
        self.eval()
        found = torch.empty(len(ids), len(LABELS))
        with torch.inference_mode():
            for batch in batches_by_length(ids, budget):
                found[batch] = self([ids[index] for index in batch])
        return found


def batches(ids, budget, seed):
    """Indices of a shuffled epoch: texts of like length together, batches in random order."""
    order = list(range(len(ids)))
    random.Random(seed).shuffle(order)
    found = []
    for start in range(0, len(order), 4096):
        part = sorted(order[start:start + 4096], key=lambda index: len(ids[index]))
        batch = []
        for index in part:
            if batch and len(ids[index]) * (len(batch) + 1) > budget or len(batch) == 128:
                found.append(batch)
                batch = []
            batch.append(index)
        found.append(batch)
    random.Random(seed).shuffle(found)
    return found


def train(arguments):
    torch.manual_seed(arguments.seed)
    model = Classifier(arguments.encoder, arguments.frozen_layers)
    gold, held = rows(arguments.gold), rows(arguments.held)
    if arguments.sources:
        gold = [row for row in gold if row["source"] in arguments.sources.split(",")]
    ids = [model.ids(row["text"]) for row in gold]
    held_ids = [model.ids(row["text"]) for row in held]
    truth = torch.tensor([LABELS.index(row["label"]) for row in gold])
    epochs = [batches(ids, arguments.batch_tokens, arguments.seed + epoch) for epoch in range(arguments.epochs)]
    plan = [(epoch, batch) for epoch, found in enumerate(epochs) for batch in found]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=arguments.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.learning_rate, total_steps=len(plan), pct_start=0.06, anneal_strategy="linear")
    checkpoint, start = pathlib.Path(f"{arguments.model}.checkpoint"), 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        start = saved["step"]
    began, total, tokens = time.time(), 0.0, 0
    for step in range(start, len(plan)):
        epoch, batch = plan[step]
        model.train()
        loss = torch.nn.functional.cross_entropy(model([ids[index] for index in batch]), truth[batch])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        total, tokens = total + loss.item(), tokens + sum(len(ids[index]) for index in batch)
        if (step + 1) % 50 == 0:
            print(f"step {step + 1}/{len(plan)}: loss {total / 50:.4f}, "
                  f"{tokens / (time.time() - began):.0f} tokens/s", flush=True)
            total = 0.0
        if (step + 1) % CHECKPOINT_EVERY == 0:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                        "schedule": schedule.state_dict(), "step": step + 1}, f"{checkpoint}.partial")
            os.replace(f"{checkpoint}.partial", checkpoint)
        if step + 1 == len(plan) or plan[step + 1][0] != epoch:
            print("\n".join(accuracy_table(model.logits(held_ids).numpy(), held)), flush=True)
    torch.save(model.state_dict(), arguments.model)


def label(arguments):
    model = Classifier(arguments.encoder)
    model.load_state_dict(torch.load(arguments.model))
    model.eval()
    if arguments.int8:
        model = torch.ao.quantization.quantize_dynamic(
            model, {torch.nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig})
    out = pathlib.Path(arguments.out)
    done = sum(1 for _ in open(out, "rb")) if out.exists() else 0
    texts = rows(arguments.texts, arguments.count)
    with open(out, "a", encoding="utf-8", newline="\n") as file:
        for start in range(done, len(texts), 8192):
            part, began = texts[start:start + 8192], time.time()
            ids = [model.ids(row["text"]) for row in part]
            found = torch.softmax(model.logits(ids), 1).tolist()
            for row, values in zip(part, found):
                row["probabilities"] = [round(value, 5) for value in values]
            file.write("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part))
            file.flush()
            print(f"{start + len(part)}/{len(texts)} texts, "
                  f"{sum(map(len, ids)) / (time.time() - began):.0f} tokens/s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    training = verbs.add_parser("train")
    for name in ("encoder", "gold", "held", "model"):
        training.add_argument(name)
    training.add_argument("--epochs", type=int, default=2)
    training.add_argument("--batch-tokens", type=int, default=1024)
    training.add_argument("--learning-rate", type=float, default=1e-4)
    training.add_argument("--seed", type=int, default=1)
    training.add_argument("--frozen-layers", type=int, default=0)
    training.add_argument("--sources")
    training.set_defaults(run=train)
    labelling = verbs.add_parser("label")
    for name in ("encoder", "model", "texts", "out"):
        labelling.add_argument(name)
    labelling.add_argument("--count", type=int)
    labelling.add_argument("--int8", action="store_true")
    labelling.set_defaults(run=label)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
