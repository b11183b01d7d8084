"""A byte-level BPE tokenizer with the qwen2 pre-tokenizer. It gives the same tokens as llama.cpp's.

    python3 tokenizer.py --size 4096 --out ../tokenizer.json    train it on the generator's text and word lists

It differs from plain BPE in two ways:
- a space is never merged with a capital letter, a digit or a sign;
- a newline is merged only with a newline.

So that the model can copy, a sentence has the same tokens inside a paragraph, at the start of a line and at the start of an
answer. The only exception is " [", which begins a citation.
"""
import argparse
import collections
import json
import random
import re
from pathlib import Path

from data import manuals, words
from generate import REFUSAL, Examples

PUBLISHED = Path(__file__).resolve().parents[1] / "tokenizer.json"      # next to the model
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]
LETTER, NO_WORD = r"[^\W\d_]", r"(?:[^\w\s]|_)"
PRE_TOKENIZER = re.compile(
    r"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]"
    rf"|(?:[^\r\n\w]|_)?{LETTER}+|\d| ?{NO_WORD}+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL_PATTERN = re.compile("(" + "|".join(re.escape(s) for s in SPECIAL) + ")")


def byte_alphabet():
    """Returns GPT-2's printable character for each of the 256 bytes."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    others = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(256 + i) for i, b in enumerate(others)}}


BYTE_TO_CHAR = byte_alphabet()
CHAR_TO_BYTE = {c: b for b, c in BYTE_TO_CHAR.items()}
SPACE, NEWLINE = BYTE_TO_CHAR[32], BYTE_TO_CHAR[10]


def may_merge(left, right):
    if left == SPACE:
        return right[0] in "abcdefghijklmnopqrstuvwxyz" or right == "["
    if NEWLINE in left + right:
        return set(left + right) == {NEWLINE}
    return True


class Tokenizer:
    def __init__(self, path=None, tokens=None, merges=None):
        if path:
            with open(path) as file:
                data = json.load(file)
            tokens, merges = data["tokens"], data["merges"]
        self.tokens, self.merges = tokens, merges
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.ranks = {tuple(merge.split(" ")): i for i, merge in enumerate(self.merges)}
        self.end, self.pad = self.ids["<|im_end|>"], self.ids["<|endoftext|>"]
        self.cache = {}

    def encode(self, text, special=False):
        """Returns token ids. With `special`, the name of a special token becomes that token. Otherwise it is plain text."""
        ids = []
        for part in SPECIAL_PATTERN.split(text) if special else [text]:
            if special and part in SPECIAL:
                ids.append(self.ids[part])
            else:
                for word in PRE_TOKENIZER.findall(part):
                    ids += self._word(word)
        return ids

    def decode(self, ids):
        return b"".join(self.bytes_of(i) for i in ids).decode("utf-8", "replace")

    def bytes_of(self, token_id):
        token = self.tokens[token_id]
        return token.encode() if token in SPECIAL else bytes(CHAR_TO_BYTE[c] for c in token)

    def _word(self, word):
        ids = self.cache.get(word)
        if ids is None:
            parts = [BYTE_TO_CHAR[b] for b in word.encode()]
            while len(parts) > 1:
                ranks = [self.ranks.get(pair, len(self.ranks)) for pair in zip(parts, parts[1:])]
                best = min(ranks)
                if best == len(self.ranks):
                    break
                i = ranks.index(best)
                parts[i:i + 2] = [parts[i] + parts[i + 1]]
            ids = [self.ids[p] for p in parts]
            if len(self.cache) < 300_000:
                self.cache[word] = ids
        return ids


def train(counts, size, tokenizer=None):
    """Merges the most frequent pair of neighbors until there are `size` tokens. Tokens of `tokenizer` come first and keep their ids.
    counts: how often each word of the pre-tokenizer occurs."""
    if tokenizer:
        tokens, merges = list(tokenizer.tokens), list(tokenizer.merges)
        pieces = [[tokenizer.tokens[i] for i in tokenizer._word(word)] for word in counts]
    else:
        tokens, merges = [BYTE_TO_CHAR[b] for b in range(256)] + SPECIAL, []
        pieces = [[BYTE_TO_CHAR[b] for b in word.encode()] for word in counts]
    weights = list(counts.values())
    pairs, places = collections.Counter(), collections.defaultdict(set)

    def count(i, sign):
        for pair in zip(pieces[i], pieces[i][1:]):
            if may_merge(*pair):
                pairs[pair] += sign * weights[i]
                places[pair].add(i)

    for i in range(len(pieces)):
        count(i, 1)
    while len(tokens) < size:
        left, right = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(f"{left} {right}")
        tokens.append(left + right)
        for i in list(places[left, right]):
            count(i, -1)
            old, new, k = pieces[i], [], 0
            while k < len(old):
                if k + 1 < len(old) and (old[k], old[k + 1]) == (left, right):
                    new.append(left + right)
                    k += 2
                else:
                    new.append(old[k])
                    k += 1
            pieces[i] = new
            count(i, 1)
        del pairs[left, right]
    return dict(tokens=tokens, merges=merges)


def word_counts(rng, examples=4000):
    """Counts words of generated text, of the word lists and of real prose, so that common words become whole tokens."""
    counts = collections.Counter()

    def add(text, weight):
        for word in PRE_TOKENIZER.findall(text):
            counts[word] += weight

    make = Examples(rng)
    for i in range(examples):
        example = make.make(rng.randint(1, 4), 4)
        for number, p in enumerate(example.passages, 1):
            add(f"[{number}] {p.path}\n{p.text}\n\n", 1)
        for q in example.questions:
            add(f"Question: {q.text} {REFUSAL if q.answer is None else q.answer + ' [1]'}", 1)
    for value in vars(words).values():
        if isinstance(value, list):
            add(" " + " ".join(value).replace("/", " "), 40)
    for sentence in manuals.examples():
        add(sentence, 3)
    for paragraph in manuals.paragraphs():
        add(" ".join(paragraph.sentences), .2)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grow", help="a tokenizer whose tokens and ids stay, so that a model trained with it can go on")
    parser.add_argument("--out", default="tokenizer.json")
    args = parser.parse_args()
    tokenizer = train(word_counts(random.Random(args.seed)), args.size, Tokenizer(args.grow) if args.grow else None)
    with open(args.out, "w") as out:
        json.dump(tokenizer, out, ensure_ascii=False)
    print(f"{args.out}: {len(tokenizer['tokens'])} tokens")


if __name__ == "__main__":
    main()
