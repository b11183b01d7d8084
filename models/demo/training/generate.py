"""Generates synthetic questions on numbered passages, for training and for evaluation.

Names and values are drawn again for every example, so the only way to answer is to find the sentence in the passages and
copy it. A document is a list of blocks (headings, paragraphs, lists, tables, code). Chunks are cut from it as the library
cuts them, with one block of overlap. An example takes one to six chunks of several documents.

    python3 generate.py --cases 400 --seed 7 --out cases.jsonl      one case per line, for an evaluation
    python3 generate.py --show 3                                    a few examples to read
"""
import argparse
import json
import random
from dataclasses import dataclass

from data.documents import Documents, State
from data.facts import FORMS, FORMS_OF

REFUSAL = "I don't know based on the given context."


@dataclass
class Question:
    text: str
    answer: str             # None for a refusal
    passage: int            # index of the passage; None for a refusal
    span: tuple             # position of the answer in the passage's text
    citations: list


@dataclass
class Example:
    passages: list
    questions: list


class Examples:
    def __init__(self, rng):
        self.rng = rng
        self.documents = Documents(rng)
        self.facts = self.documents.facts

    def make(self, passages, questions, refusals=.25, size=3):
        """Makes an example with `passages` passages and up to `questions` questions.
        size: maximum number of blocks of a document (1 at the start of training)."""
        rng, state, chosen = self.rng, State(), []
        while len(chosen) < passages:
            chunks = self.document(state, rng.randint(1, size))
            if not chunks:
                continue
            first = rng.randrange(len(chunks))
            take = chunks[first:first + (2 if rng.random() < .4 else 1)] if rng.random() < .8 else chunks
            chosen += take[:passages - len(chosen)]
        chosen.sort(key=lambda p: (p.path, p.chunk))
        return Example(chosen, self.questions(chosen, state, questions, refusals))

    def document(self, state, size):
        return self.documents.document(state, size)

    def ask(self, fact, sentence, passage, others):
        """Returns a question that only this sentence of the example answers, or None if none is found."""
        return self.facts.ask(fact)

    def questions(self, passages, state, count, refusals):
        rng = self.rng
        where = {}
        for i, passage in enumerate(passages):
            for start, end, fact in passage.units:
                if fact:
                    where.setdefault(id(fact), (fact, []))[1].append((i, start, end))
        answerable = [x for x in where.values() if len(x[1]) == 1]
        twice = [x for x in where.values() if len(x[1]) > 1]
        units = [(passage.text[start:end], fact) for passage in passages for start, end, fact in passage.units]
        result = []
        for _ in range(count):
            if rng.random() < refusals or not (answerable or twice):
                question = self.unanswerable([f for f, _ in where.values()], state, [text for text, _ in units])
                if question:
                    result.append(Question(question, None, None, None, []))
                continue
            fact, places = rng.choice(twice) if twice and (rng.random() < .1 or not answerable) else rng.choice(answerable)
            i, start, end = places[0]
            sentence = passages[i].text[start:end]
            question = self.ask(fact, sentence, passages[i], [text for text, other in units if other is not fact])
            if question:
                result.append(Question(question, sentence, i, (start, end), [p[0] + 1 for p in places]))
        return result

    def unanswerable(self, present, state, sentences):
        """Returns a question that the passages do not answer, or None. Most are near misses: the same kind of question about another
        entity, or another question about a known entity."""
        rng = self.rng
        for _ in range(20):
            k = rng.random()
            near = rng.choice(present) if present else None
            if near and near.misses and rng.random() < .8:
                return self.facts.vary(self.facts.capital(rng.choice(near.misses)))
            if near and near.entity and k < .3:
                subject = next((s for s in FORMS_OF if s in near.fill and near.fill[s] is near.entity), None)
                fact = self.facts.make(rng.choice(FORMS_OF[subject]), near.entity) if subject else self.new_property(near.entity)
            elif near and near.entity and k < .4:
                fact = self.new_property(near.entity)
            elif near and k < .65:
                form = next((f for f in FORMS if f.topic == near.topic and f.subject in near.fill), None)
                fact = self.facts.make(form) if form else self.new_property(self.documents.values.service(), near)
            else:
                fact = self.facts.make(rng.choice(FORMS)) if rng.random() < .8 else self.new_property(self.documents.values.service())
            if not state.conflicts(fact):
                return self.facts.ask(fact)
        return None

    def new_property(self, entity, near=None):
        label = near.topic if near else self.documents.attribute(entity)[0]
        return self.documents.attribute_fact(entity, label, "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out")
    parser.add_argument("--show", type=int)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    examples = Examples(rng)
    if args.show:
        for _ in range(args.show):
            example = examples.make(rng.randint(1, 4), 8)
            for i, p in enumerate(example.passages):
                print(f"[{i + 1}] {p.path}\n{p.text}\n")
            for q in example.questions:
                print(f"  {q.text}  ->  {q.answer or 'REFUSAL'} {q.citations}")
            print("=" * 100)
    if args.cases:
        with open(args.out, "w") as out:
            written = 0
            while written < args.cases:
                example = examples.make(written % 6 + 1, 1)
                for q in example.questions[:1]:
                    out.write(json.dumps(dict(passages=[dict(path=p.path, text=p.text) for p in example.passages], question=q.text, answer=q.answer, citations=q.citations)) + "\n")
                    written += 1


if __name__ == "__main__":
    main()
