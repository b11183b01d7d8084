"""Measures a checkpoint on fresh cases of the generator, by number of passages.

    python3 evaluate.py work/model.pt --cases 400 --seed 12345

One pass per case is enough: greedy decoding gives exactly the expected answer if and only if every expected token is the
most likely one after the tokens before it. The citation is judged after the right sentence.

(The product's own evaluation runs the GGUF in llama.cpp, on cases.jsonl files of `generate.py --cases` and on
hand-written documents.)
"""
import argparse
import random

import torch

from batches import encode_example, to_tensors
from generate import Examples
from model import Config, Model
from tokenizer import PUBLISHED, Tokenizer

CITATION_PLACE = -3     # ... " [" NUMBER "]" END


def load(path):
    saved = torch.load(path, map_location="cpu")
    model = Model(Config(**saved["config"]))
    model.load_state_dict(saved["model"])
    return model, saved


@torch.no_grad()
def score(model, tokenizer, example):
    """Yields (question, exact, citation right, refused) for every question of an example."""
    item = encode_example(example, tokenizer)
    if not item.asked:
        return
    tensors = to_tensors(item, tokenizer)
    hidden, _ = model([tensors])
    labels = tensors.labels
    best = model.logits(hidden).argmax(-1).view_as(labels)
    refusal = tokenizer.encode("I don't")[0]
    for row, asked in enumerate(item.asked):
        place = labels[row] >= 0
        right = best[row][place] == labels[row][place]
        yield asked, bool(right.all()), bool(right[CITATION_PLACE]), int(best[row][place][0]) == refusal


def evaluate(model, tokenizer, cases, seed, passages=range(1, 7), per_context=1, turns=0):
    rng = random.Random(seed)
    examples, rows = Examples(rng), []
    for count in passages:
        exact, cited, refused, false_refusals = [], [], [], []
        while len(exact) + len(refused) < cases / len(passages):
            for asked, all_right, citation, refusing in score(model, tokenizer, examples.make(count, per_context, turns=turns)):
                if asked.span is None:
                    refused.append(all_right)
                else:
                    exact.append(all_right)
                    cited.append(citation)
                    false_refusals.append(refusing)
        rows.append((count, exact, cited, refused, false_refusals))
    total = ["all"] + [sum((row[i] for row in rows), []) for i in range(1, 5)]
    return rows + [tuple(total)]


def report(rows):
    print("| passages | exact | citation | refusal | false refusals |\n|---|---|---|---|---|")
    for name, *columns in rows:
        print(f"| {name} | " + " | ".join(f"{sum(c)}/{len(c)} ({sum(c) / max(1, len(c)):.3f})" for c in columns) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--seed", type=int, default=12345)
    parser.add_argument("--per-context", type=int, default=1)
    parser.add_argument("--turns", type=int, default=0, help="earlier turns of a conversation")
    parser.add_argument("--tokenizer", default=PUBLISHED)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, saved = load(args.checkpoint)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} million parameters, {saved['minutes']:.0f} minutes, {saved['tokens'] / 1e6:.1f} million tokens, difficulty {saved['difficulty']:.2f}")
    report(evaluate(model, Tokenizer(args.tokenizer), args.cases, args.seed, per_context=args.per_context, turns=args.turns))


if __name__ == "__main__":
    main()
