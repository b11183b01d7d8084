"""Which tokens are forms of one word: Backup, backup, backups; and which tokens say nothing."""
import functools
import re

import torch

COMMON = set("the of is are an to in for by with on and or at we do does what which who when where how be it that can my our me about must should".split())


def stem(text):
    """A crude stem: no blank, no capitals, no common ending."""
    word = text.strip().lower()
    if not re.fullmatch("[a-z]{3,}", word):
        return text if len(word) < 3 or not word.isalpha() else word
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[:-len(ending)]
    return word


@functools.lru_cache
def stems(tokenizer):
    """A number per token, equal for forms of one word."""
    numbers = {}
    return torch.tensor([numbers.setdefault(stem(tokenizer.decode([i])) if "�" not in tokenizer.decode([i]) else i, len(numbers)) for i in range(len(tokenizer.tokens))])


@functools.lru_cache
def unhelpful(tokenizer):
    """True for tokens whose match proves nothing: signs, single characters, and words that every question has."""
    return torch.tensor([len(tokenizer.decode([i]).strip()) < 2 or tokenizer.decode([i]).strip().lower() in COMMON for i in range(len(tokenizer.tokens))])
