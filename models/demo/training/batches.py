"""Converts examples to tensors: tokens, labels, and the hints that synthetic data makes possible."""
import random
from dataclasses import dataclass

import torch

from data.stems import related, stems, unhelpful
from model import Hints, Tensors
from prompt import TAIL, answer_text, encode_context, encode_question, shown
from reading import Read
from tokenizer import SPECIAL

QUESTIONS = 20          # per context; of similar length, because a padding token costs as much as a real one
LONGEST_QUESTION = 88   # tokens of a question and its answer together
LENGTHS = [44, 44, 48, 56, 72, 88]     # each batch draws its limit from these: most questions are short
LONGEST_CONTEXT = 1100
PASSAGES = [2, 4, 8, 2, 2, 3]           # how often a context has one to six passages; three are what the samples retrieve
CONVERSATIONS_SHARE = .25
COPYING_SHARE = .05     # share of batches that copy random tokens, so that the model does not forget rare word pieces


@dataclass
class Asked:
    question: list      # tokens up to the answer
    answer: list        # tokens with citation and end
    span: tuple         # token positions of the answer in the context; None for a refusal


@dataclass
class Item:
    context: list
    number: list        # for each context token: its `Hints.number`, or -1
    begin: list         # for each context token: its `Hints.begin`, or -1
    asked: list
    is_copying: bool = False


def encode_example(example, tokenizer):
    """Converts an Example of the generator to an Item."""
    context, places = encode_context(tokenizer, example.passages, example.turns)
    number, sentence = [-1] * len(context), [-1] * len(context)
    spans = {}
    for i, (heading, begin, end) in enumerate(places):
        number[heading + 2:end] = [heading + 1] * (end - heading - 2)
        offsets, offset = [], 0     # where each token begins, in bytes
        passage, units = shown(example.passages[i])
        text = passage.encode()
        for token in context[begin:end]:
            offsets.append(offset)
            offset += len(tokenizer.bytes_of(token))
        offsets.append(offset)
        for first, last, name in units:
            first_byte, last_byte = len(passage[:first].encode()), len(passage[:last].encode())
            while text[first_byte:first_byte + 1] == b" ":
                first_byte += 1
            inside = [t for t in range(len(offsets) - 1) if offsets[t + 1] > first_byte and offsets[t] < last_byte]
            if inside:
                spans[i, name] = (begin + inside[0], begin + inside[-1] + 1)
                sentence[begin + inside[0] + 1:begin + inside[-1] + 1] = [begin + inside[0]] * (len(inside) - 1)
    asked = []
    for q in example.questions:
        question = encode_question(tokenizer, q.text)
        answer = tokenizer.encode(answer_text(q.answer, q.citations[0] if q.citations else None)) + [tokenizer.end]
        if len(question) + len(answer) <= LONGEST_QUESTION:
            span = spans[q.passage, q.span[0]] if q.answer else None
            asked.append(Asked(question, answer, span))
    return Item(context, number, sentence, asked)


class Batches:
    """Makes batches of about `tokens` tokens, from items of similar length. refusals: share of questions without an answer, less for easy
    examples."""

    def __init__(self, tokenizer, seed, tokens, refusals):
        self.tokenizer, self.tokens, self.refusals = tokenizer, tokens, refusals
        self.rng = random.Random(seed)
        self.examples = Read(self.rng)
        self.usable = [i for i, token in enumerate(tokenizer.tokens) if token not in SPECIAL]
        self.ready = []

    def next(self, difficulty):
        if self.rng.random() < COPYING_SHARE:
            return self.copying(96)
        while not self.ready:
            self.ready = self.make(difficulty)
        return self.ready.pop()

    def make(self, difficulty):
        rng = self.rng
        level = difficulty if rng.random() < .8 else difficulty * rng.random()
        most, size = 1 + round(5 * level), 1 if level < .2 else 2 if level < .4 else 3 if level < .7 else 4
        pool = []
        longest = rng.choice(LENGTHS)
        for _ in range(48):
            passages = min(most, rng.choices(range(1, len(PASSAGES) + 1), PASSAGES)[0])
            turns = rng.choice([1, 1, 1, 2]) if rng.random() < CONVERSATIONS_SHARE * level else 0
            item = encode_example(self.examples.make(passages, QUESTIONS * 9 // 4, refusals=self.refusals * (2 + level) / 3, size=size, turns=turns), self.tokenizer)
            item.asked = self.alike([a for a in item.asked if len(a.question) + len(a.answer) <= longest])
            if len(item.asked) >= QUESTIONS - 3 and len(item.context) <= LONGEST_CONTEXT:
                pool.append(item)
        pool.sort(key=lambda item: len(item.context))
        batches, batch = [], []
        for item in pool:
            if batch and (len(batch) + 1) * (len(item.context) + QUESTIONS * longest) > self.tokens:
                batches.append(batch)
                batch = []
            batch.append(item)
        batches += [batch] if batch and (not batches or len(batch) * 2 > len(batches[-1])) else []
        rng.shuffle(batches)
        return batches

    def alike(self, asked):
        """Returns up to QUESTIONS questions of similar length."""
        asked.sort(key=lambda a: len(a.question) + len(a.answer))
        first = min(max(0, self.rng.randint(-4, max(0, len(asked) - QUESTIONS) + 4)), max(0, len(asked) - QUESTIONS))
        return asked[first:first + QUESTIONS]

    def copying(self, longest):
        """Makes contexts of random tokens. A 'question' quotes a few of them, and the answer continues the quotation."""
        rng, usable = self.rng, self.usable
        length = rng.randint(max(8, longest // 2), longest)
        batch = []
        for _ in range(max(2, self.tokens // 2 // (length + 80))):
            context = rng.choices(usable, k=length)
            if rng.random() < .3:
                few = context[:length // 3]
                context = [rng.choice(few) for _ in context]
            asked = []
            for _ in range(8):
                i, quoted = rng.randrange(length - 5), rng.randint(1 if length < 20 else 2, 3)
                rest = context[i + quoted:i + rng.randint(quoted + 1, 9)]
                if rest:
                    asked.append(Asked(context[i:i + quoted], rest, None))
            batch.append(Item(context, None, None, asked, is_copying=True))
        return batch


def pad(rows, length, value):
    return torch.tensor([row + [value] * (length - len(row)) for row in rows])


def to_tensors(item, tokenizer):
    K, Tc = len(item.asked), len(item.context)
    Tq = max(len(a.question) + len(a.answer) for a in item.asked) - 1
    context = torch.tensor(item.context)
    questions = pad([(a.question + a.answer)[:-1] for a in item.asked], Tq, tokenizer.pad)
    labels = torch.full((K, Tq), -1)
    source, weight = torch.full((K, Tq), -1), torch.ones(K, Tq)
    gather, words = torch.zeros(K, Tq, dtype=torch.bool), torch.zeros(K, Tq, dtype=torch.bool)
    first, last = torch.zeros(K, dtype=torch.long), torch.zeros(K, dtype=torch.long)
    tail, begin_of_question = len(tokenizer.encode(TAIL, special=True)), len(tokenizer.encode("Question:"))
    for i, a in enumerate(item.asked):
        s = len(a.question) - 1     # the position that predicts the first token of the answer
        labels[i, s:s + len(a.answer)] = torch.tensor(a.answer)
        if item.is_copying:
            continue
        weight[i, s:s + 4] = 4
        gather[i, s + 1 - tail:s + len(a.answer)] = True
        words[i, begin_of_question:s + 1 - tail] = True
        if a.span is None:
            source[i, s + 1 - tail:s + len(a.answer)] = 0
            continue
        begin, end = a.span
        length = end - begin
        first[i], last[i] = begin, end - 1
        source[i, s + 1 - tail:s] = begin
        source[i, s:s + length] = torch.arange(begin, end)
        source[i, s + length:s + length + 2] = min(end, Tc - 1)     # for " [" and the number: the token after the sentence has its passage
    if item.is_copying:
        return Tensors(context, questions, labels, None)
    number, place = torch.tensor(item.number), torch.arange(Tc)
    inside = ((place >= first[:, None]) & (place <= last[:, None]) & (last > 0)[:, None])[:, None]
    asking = (words & ~unhelpful(tokenizer)[questions])[..., None]
    stem = stems(tokenizer)
    same = (stem[context] == stem[questions][..., None]) & (number >= 0) & asking
    akin = related(tokenizer)[questions[..., None], context] & (number >= 0) & asking
    above = ((number == number[first][:, None]) & (place < first[:, None]) & (last > 0)[:, None])[:, None]      # headings of the passage, mostly
    found = (same & inside).any(-1, keepdim=True)
    match = same & found | akin & inside & ~found
    named = ~match.any(-1, keepdim=True) & (same & above).any(-1, keepdim=True)
    match |= same & named
    elsewhere = (match & ~inside & ~(above & named)).any(-1)
    telling = match.any(-1) & ~elsewhere                # words that only the sentence with the answer has
    telling |= match.any(-1) & ~telling.any(-1, keepdim=True)
    match = torch.nn.functional.pad(match, (1, 0))[..., :-1]    # shifted by one: a head that looks for the token after x must not find x
    missing = asking[..., 0] & ~(same | akin).any(-1)
    match[..., 0] = missing                             # words that no passage has: the reason for a refusal
    telling |= missing & (last == 0)[:, None]
    return Tensors(context, questions, labels, Hints(number, torch.tensor(item.begin), match, telling, gather, source, weight))
