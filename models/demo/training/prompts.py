"""Writes examples of the generator with the tokens of their prompts. A test of the library makes the same prompts with its own code, so
that the recipe cannot drift from it.

    python3 prompts.py --out prompts.jsonl
"""
import argparse
import json
import random
from pathlib import Path

from generate import Examples, case
from prompt import encode_context, encode_question
from tokenizer import PUBLISHED, Tokenizer

COUNT, SEED = 48, 8


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=Path(__file__).with_name("prompts.jsonl"))
    parser.add_argument("--tokenizer", default=PUBLISHED)
    args = parser.parse_args()
    tokenizer, examples = Tokenizer(args.tokenizer), Examples(random.Random(SEED))
    with open(args.out, "w") as out:
        for i in range(COUNT):
            example = examples.make(i % 6 + 1, 3, turns=i // 6 % 3)
            for question in example.questions[:1]:
                prompt = encode_context(tokenizer, example.passages, example.turns)[0] + encode_question(tokenizer, question.text)
                out.write(json.dumps({**case(example, question), "prompt": prompt}) + "\n")


if __name__ == "__main__":
    main()
