"""Finds words that a question may use for a word of the text: synonyms and derivations from WordNet, in the right form.

    apt-get install wordnet-base        Princeton WordNet 3.0; its license: https://wordnet.princeton.edu/license-and-commercial-use
"""
import collections
import functools
import random
import re
from pathlib import Path

from . import words as w

WORDNET = Path("/usr/share/wordnet")
KINDS = ("noun", "verb", "adj", "adv")
COMMON_SENSES = 2       # senses to use of a word: rarer senses give pairs that people do not use for each other
FAMILIAR = 3            # a word is used only if WordNet counted it at least this often in print


@functools.lru_cache
def relations():
    """Returns synonyms {(kind, word): words} and derivations {(kind, word): (kind, word) pairs}, for common senses of single words."""
    senses, frequent = {}, {}
    for kind in KINDS:
        for line in (WORDNET / f"index.{kind}").read_text().splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            pointers = int(fields[3])
            tagged = int(fields[5 + pointers])
            if fields[0].isalpha() and len(fields[0]) >= 3:
                frequent[kind, fields[0]] = tagged
                for offset in fields[6 + pointers:][:min(COMMON_SENSES, max(1, tagged))]:
                    senses.setdefault((kind, offset), set()).add(fields[0])
    synonyms, derivations = collections.defaultdict(set), collections.defaultdict(set)
    names = dict(n="noun", v="verb", a="adj", s="adj", r="adv")
    for kind in KINDS:
        for line in (WORDNET / f"data.{kind}").read_text().splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            words = [fields[4 + 2 * i].lower() for i in range(int(fields[3], 16))]
            known = senses.get((kind, fields[0]), set())
            used = [x for x in words if x in known]
            for a in used:
                synonyms[kind, a].update(b for b in used if b != a and frequent[kind, b] >= FAMILIAR)
            pointers = fields[4 + 2 * len(words):]
            for i in range(int(pointers[0])):
                symbol, offset, other, ends = pointers[1 + 4 * i:5 + 4 * i]
                if symbol == "+" and int(ends[:2], 16):
                    a = words[int(ends[:2], 16) - 1]
                    for b in senses.get((names[other], offset), ()):
                        if a in known and b[:3] == a[:3] and frequent[names[other], b] >= FAMILIAR:
                            derivations[kind, a].add((names[other], b))
    for group in w.NOUN_SYNONYMS + w.RELATED:
        for a in group.split():
            synonyms["noun", a].update(b for b in group.split() if b != a)
    for group in w.VERB_SYNONYMS:
        single = [x.split("/")[0] for x in group.split() if "-" not in x.split("/")[0]]
        for a in single:
            synonyms["verb", a].update(b for b in single if b != a)
    return synonyms, derivations


@functools.lru_cache
def irregular():
    """Returns {(kind, form): word} and {(kind, word, ending): form} of irregular verbs and plurals."""
    bases, forms = {}, {}
    for kind in ("noun", "verb"):
        for line in (WORDNET / f"{kind}.exc").read_text().splitlines():
            form, base = line.split()[:2]
            bases[kind, form] = base
            ending = "s" if kind == "noun" else "ing" if form.endswith("ing") else "s" if form.endswith("s") else "ed"
            forms[kind, base, ending] = form
    return bases, forms


@functools.lru_cache(200_000)
def readings(word):
    """Returns what a lower-case word may be, as (kind, base, ending) triples."""
    synonyms, derivations = relations()
    bases, _ = irregular()
    found = []

    def known(kind, base, ending):
        if (kind, base) in synonyms or (kind, base) in derivations:
            found.append((kind, base, ending))

    for kind in KINDS:
        known(kind, word, "")    # hand-made groups are stored as nouns, whatever their kind is
    for kind in ("noun", "verb"):
        if (kind, word) in bases:
            known(kind, bases[kind, word], "s" if kind == "noun" else "ing" if word.endswith("ing") else "ed")
        if word.endswith("s"):
            for base in (word[:-1], word[:-2] if word.endswith("es") else None, word[:-3] + "y" if word.endswith("ies") else None):
                if base:
                    known(kind, base, "s")
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            stem = word[:-len(ending)]
            for base in (stem, stem + "e", stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else None, stem[:-1] + "y" if ending == "ed" and stem.endswith("i") else None):
                if base:
                    known("verb", base, ending)
    return tuple(found)


def inflect(kind, base, ending):
    _, forms = irregular()
    if not ending or kind in ("adj", "adv"):
        return base
    if (kind, base, ending) in forms:
        return forms[kind, base, ending]
    if ending == "s":
        return base[:-1] + "ies" if re.search("[^aeiou]y$", base) else base + ("es" if re.search("(s|x|z|ch|sh)$", base) else "s")
    if ending == "ed":
        return base + "d" if base.endswith("e") else base[:-1] + "ied" if re.search("[^aeiou]y$", base) else base + "ed"
    return base[:-1] + "ing" if base.endswith("e") and not base.endswith("ee") else base + "ing"


@functools.lru_cache(200_000)
def alternatives(word):
    """Returns (synonyms, derivations) of a lower-case word, with the same inflection."""
    synonyms, derivations = relations()
    same, derived = set(), set()
    for kind, base, ending in readings(word):
        same.update(inflect(kind, b, ending) for b in synonyms.get((kind, base), ()))
        for other, b in derivations.get((kind, base), ()):
            derived.update([b] if other != "verb" else [b, inflect("verb", b, "ed")])
    return tuple(sorted(same - {word})), tuple(sorted(derived - {word} - same))


def other_form(word, rng):
    """Returns another inflection of the same word."""
    choices = [inflect(kind, base, e) for kind, base, _ in readings(word) if kind in ("noun", "verb") for e in (("", "s") if kind == "noun" else ("", "s", "ed", "ing"))]
    return rng.choice(choices) if choices else word


def reworded(word, rng):
    """Returns a word to replace `word`, or None."""
    same, derived = alternatives(word.lower())
    choices = same * 3 + derived
    return rng.choice(choices) if choices else None


if __name__ == "__main__":
    for word in "pay salary allowed keep retention holiday long cost begin buy valid valid emergency approve approval supervisor boss colleague store speed quickly often notify broken limit length".split():
        print(word, *alternatives(word))
