"""Finds tokens that are forms of one word (Backup, backup, backups), and tokens without content."""
import functools
import re

import torch

from .thesaurus import alternatives

COMMON = set(("the of is are an to in for by with on and or at we do does what which who when where how be it that can my our me about must should a as i you he she they its their his her your was were been "
              "being did could shall will would may might whom whose this these those have has had us them tell from into than then so if not no nor only also there here such any each all some more "
              "most other same own very just too both few many much up out over under again because while until unless since during through per via within without long often soon please know let "
              "hello hi hey one two thing quick question say said 's im am").split())


def stem(text):
    """Returns a crude stem: no spaces, no capitals, no common ending."""
    word = text.strip().lower()
    if not re.fullmatch("[a-z]{3,}", word):
        return text if len(word) < 3 or not word.isalpha() else word
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[:-len(ending)]
    return word


@functools.lru_cache
def stems(tokenizer):
    """Returns a number for each token. Forms of one word have the same number."""
    numbers = {}
    return torch.tensor([numbers.setdefault(stem(tokenizer.decode([i])) if "�" not in tokenizer.decode([i]) else i, len(numbers)) for i in range(len(tokenizer.tokens))])


@functools.lru_cache
def unhelpful(tokenizer):
    """Returns True for tokens whose match proves nothing: signs, single characters and words that are in every question."""
    return torch.tensor([len(tokenizer.decode([i]).strip()) < 2 or tokenizer.decode([i]).strip().lower() in COMMON for i in range(len(tokenizer.tokens))])


@functools.lru_cache
def related(tokenizer):
    """Returns a table [tokens, tokens]: True for pairs of whole words that may replace each other."""
    by_word = {}
    for i in range(len(tokenizer.tokens)):
        by_word.setdefault(tokenizer.decode([i]).strip().lower(), []).append(i)
    table = torch.zeros(len(tokenizer.tokens), len(tokenizer.tokens), dtype=torch.bool)
    for word, ids in by_word.items():
        if re.fullmatch("[a-z]{3,}", word):
            others = [j for other in sum(alternatives(word), ()) for j in by_word.get(other, ())]
            for i in ids:
                table[i, others] = True
                table[others, i] = True
    return table
