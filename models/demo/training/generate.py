"""Generates synthetic questions on numbered passages, for training and for evaluation.

Names and values are drawn again for every example, so the only way to answer is to find the sentence in the passages and
copy it. A document is a list of blocks (headings, paragraphs, lists, tables, code). Chunks are cut from it as the library
cuts them. An example takes one to six chunks of several documents. It may be a conversation: then some of the passages
belong to earlier turns, and a question may need the one before it.

    python3 generate.py --cases 400 --seed 7 --out cases.jsonl      one case per line, for an evaluation
    python3 generate.py --show 3 [--turns 1]                        a few examples to read
"""
import argparse
import json
import random
import re
from dataclasses import dataclass

from data.documents import Documents, State
from data.facts import FORMS, FORMS_OF
from data.values import Entity

REFUSAL = "I don't know based on the given context."
TWINS_SHARE = .12       # share of documents that come with others that say the same about something else
CONVERSATION_TWINS_SHARE = .4
CROSSED_SHARE = .3      # share of unanswerable questions whose words are all in the passages, if there are such
MENTIONED_SHARE = .25   # share of unanswerable questions on what the passages only mention, times `mentions` of Documents
FOLLOWING_SHARE = .45   # share of the questions of a conversation that need the question before them, if such a question is found
VALUED = dict(who="duty", team="team", person="person", service="service", obj="obj", items="items", event="event", room="room", device="device")   # a value's slot -> subject
ABOUT_ANOTHER = ["What about {E}?", "What about {E}?", "And {E}?", "And for {E}?", "And of {E}?", "and {E}", "How about {E}?", "And what about {E}?", "And with {E}?", "The same for {E}?", "and for {E}"]


@dataclass
class Question:
    text: str
    answer: str             # None for a refusal
    passage: int            # index of the passage; None for a refusal
    span: tuple             # position of the answer in the passage's text
    citations: list
    fact: object = None     # what it asks for; None for a refusal


@dataclass
class Turn:
    """An earlier turn of a conversation."""
    question: str
    answer: str             # with its citation
    passages: int           # number of passages up to this turn


@dataclass
class Example:
    passages: list
    questions: list
    turns: list


class Examples:
    def __init__(self, rng, mentions=0):
        self.rng = rng
        self.documents = Documents(rng, mentions)
        self.facts = self.documents.facts

    def make(self, passages, questions, refusals=.25, size=3, turns=0):
        """Makes an example with `passages` passages and up to `questions` questions.
        size: maximum number of blocks of a document (1 at the start of training).
        turns: number of earlier turns."""
        rng, state, chosen = self.rng, State(), []
        while len(chosen) < passages:
            if passages - len(chosen) > 1 and rng.random() < (CONVERSATION_TWINS_SHARE if turns else TWINS_SHARE):
                twins = self.documents.twins(state)
                pick = rng.random()
                chosen += [chunks[int(pick * len(chunks))] for chunks in twins][:passages - len(chosen)]
                continue
            chunks = self.document(state, rng.randint(1, size))
            if not chunks:
                continue
            first = rng.randrange(len(chunks))
            take = chunks[first:first + (2 if rng.random() < .4 else 1)] if rng.random() < .8 else chunks
            chosen += take[:passages - len(chosen)]
        if not turns:
            chosen.sort(key=lambda p: (p.path, p.chunk))
            return Example(chosen, self.questions(chosen, state, questions, refusals), [])
        return self.conversation(chosen, state, questions, refusals, turns)

    def conversation(self, passages, state, questions, refusals, count):
        """Gives each turn some of the passages, in the order of path and chunk, and questions that follow on the last turn."""
        ends = sorted(self.rng.randint(1, len(passages)) for _ in range(count))
        ordered = []
        for end in [*ends, len(passages)]:
            ordered += sorted(passages[len(ordered):end], key=lambda p: (p.path, p.chunk))
        turns, last = [], None
        for end in ends:
            asked = next((q for q in (self.questions(ordered[:end], state, 1, .15, last) for _ in range(4)) if q), None)
            if asked:
                last = asked[0]
                turns.append(Turn(last.text, REFUSAL if last.answer is None else f"{last.answer} [{last.citations[0]}]", end))
        return Example(ordered, self.questions(ordered, state, questions, refusals, last), turns)

    def document(self, state, size):
        return self.documents.document(state, size)

    def ask(self, fact, sentence, passage, others):
        """Returns a question that only this sentence of the example answers, or None if none is found."""
        return self.facts.ask(fact)

    def questions(self, passages, state, count, refusals, last=None):
        """last: the question before these, if they follow one."""
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
            follows = last and last.fact and rng.random() < FOLLOWING_SHARE
            if rng.random() < refusals or not (answerable or twice):
                question = follows and self.unanswerable_follow_up(last.fact, state)
                question = question or self.unanswerable([f for f, _ in where.values()], state, [text for text, _ in units])
                if question:
                    result.append(Question(question, None, None, None, []))
                continue
            fact, places = rng.choice(twice) if twice and (rng.random() < .1 or not answerable) else rng.choice(answerable)
            question = None
            if follows:
                for other, other_places in rng.sample(answerable, len(answerable)):
                    if question := self.follow_up(last.fact, other):
                        fact, places = other, other_places
                        break
            i, start, end = places[0]
            sentence = passages[i].text[start:end]
            question = question or self.ask(fact, sentence, passages[i], [text for text, other in units if other is not fact])
            if question:
                if last and rng.random() < .15 and not question.lower().startswith("and"):
                    question = rng.choice(["And ", "And ", "and ", "Then ", "Also, ", "Thanks! And ", "Okay, "]) + question[0].lower() + question[1:]
                result.append(Question(question, sentence, i, (start, end), [p[0] + 1 for p in places], fact))
        return result

    def follow_up(self, last, fact):
        """Returns a short question for the fact, which only the question before it makes complete, or None."""
        if fact is last or not fact.subject:
            return None
        if fact.subject == last.subject and fact.entity:
            return self.with_pronoun(fact)
        if fact.topic == last.topic and (fact.entity and last.entity or fact.clause and last.clause):
            return self.rng.choice(ABOUT_ANOTHER).replace("{E}", self.rng.choice(fact.entity.aliases) if fact.entity else fact.subject)
        return None

    def with_pronoun(self, fact):
        """Returns a question for the fact with a pronoun for its entity, or None if the question's form has no place for one."""
        slots = [slot for slot, value in (fact.fill or {}).items() if value is fact.entity]
        if not slots or not fact.questions:
            return None
        it, its, them = fact.entity.pronouns
        text = self.facts.expand(self.rng.choice(fact.questions), {**fact.fill, **dict.fromkeys(slots, Entity("@", ["@"]))}, fact.shared, in_question=True)
        if text.count("@") != 1:
            return None
        text = text.replace("@'s", its.lower())
        text = re.sub(r"\b(does|do|is|are|was|will|must|can|may|should) @", lambda m: f"{m[1]} {it.lower()}", text)
        text = re.sub("^@", it.lower(), text).replace("@", them)
        lead = self.rng.choice(["", "", "And ", "and "])
        return lead + text[0].lower() + text[1:] if lead else self.facts.capital(text)

    def unanswerable_follow_up(self, last, state):
        """Returns a short question that follows on a fact and has no answer, or None."""
        if not last.entity:
            return None
        slot = next((s for s in FORMS_OF if s in last.fill and last.fill[s] is last.entity), None)
        if slot and self.rng.random() < .5:
            fact = self.facts.make(self.rng.choice(FORMS_OF[slot]), last.entity)
            return None if state.conflicts(fact) else self.with_pronoun(fact)
        if not slot:
            return None
        other = self.documents.values.sibling(slot, last.entity)
        fact = self.facts.make(next(f for f in FORMS_OF[slot] if f.topic == last.topic), other) if any(f.topic == last.topic for f in FORMS_OF[slot]) else None
        if not fact or state.conflicts(fact):
            return None
        return self.rng.choice(ABOUT_ANOTHER).replace("{E}", self.rng.choice(other.aliases))

    def unanswerable(self, present, state, sentences):
        """Returns a question that the passages do not answer, or None. Most are near misses: the same kind of question about another
        entity, or another question about a known entity."""
        rng = self.rng
        for _ in range(20):
            k = rng.random()
            near = rng.choice(present) if present else None
            if rng.random() < MENTIONED_SHARE * self.documents.mentions and (fact := self.mentioned(present, state)):
                return self.facts.ask(fact)
            if rng.random() < CROSSED_SHARE and (crossed := self.crossed(present, state)):
                return crossed
            if near and near.misses and rng.random() < .8:
                return self.facts.vary(self.facts.capital(rng.choice(near.misses)))
            if near and near.entity and k < .3:
                subject = next((s for s in FORMS_OF if s in near.fill and near.fill[s] is near.entity), None)
                fact = self.facts.make(rng.choice(FORMS_OF[subject]), near.entity) if subject else self.new_property(near.entity)
            elif near and near.entity and k < .4:
                fact = self.new_property(near.entity)
            elif near and k < .65:
                form = next((f for f in FORMS if f.topic == near.topic and f.subject in near.fill), None)
                other = self.documents.values.sibling(form.subject, near.entity) if form and near.entity and rng.random() < .7 else None
                fact = self.facts.make(form, other) if form else self.new_property(self.documents.values.service(), near)
            else:
                fact = self.facts.make(rng.choice(FORMS)) if rng.random() < .8 else self.new_property(self.documents.values.service())
            if not state.conflicts(fact):
                return self.facts.ask(fact)
        return None

    def mentioned(self, present, state):
        """Returns a fact that the passages do not state, although they have its words or name its subject in another fact, or None."""
        rng = self.rng
        if state.mentioned and rng.random() < .5:
            fact = rng.choice(state.mentioned)
            return None if state.conflicts(fact) else fact
        values = [(slot.rstrip("0123456789"), value) for f in present for slot, value in (f.fill or {}).items() if value is not f.entity]
        values = [(VALUED[kind], value) for kind, value in values if kind in VALUED]
        if not values:
            return None
        kind, value = rng.choice(values)
        if kind == "duty":      # a role, a team or a person
            kind = "team" if re.search("team|department", value, re.I) else "duty" if value.startswith("the ") else "person"
        entity = value if isinstance(value, Entity) else Entity(value, [value])
        fact = self.facts.make(rng.choice([form for form in FORMS_OF[kind] if form.topic not in ("tasks", "role", "purpose")]), entity)
        return None if state.conflicts(fact) else fact

    def crossed(self, present, state):
        """Returns a question for the subject of one fact and the attribute of another, which the passages do not answer, or None. All of
        its words are in the passages, but not together."""
        rng = self.rng
        known = [f for f in present if f.entity]
        for one in rng.sample(known, min(len(known), 4)):
            slot = next((s for s in FORMS_OF if s in one.fill and one.fill[s] is one.entity), None)
            topics = {f.topic for f in known if f.subject != one.subject}
            forms = [form for form in FORMS_OF.get(slot, []) if form.topic in topics]
            labels = [f.topic for f in known if f.subject != one.subject and "entity" in f.fill]
            if forms and rng.random() < .7:
                fact = self.facts.make(rng.choice(forms), one.entity)
            elif labels:
                fact = self.documents.attribute_fact(one.entity, rng.choice(labels), "")
            else:
                continue
            if not state.conflicts(fact):
                return self.facts.ask(fact)
        clauses = [f for f in present if f.clause]
        if len(clauses) > 1:
            one, two = rng.sample(clauses, 2)
            if not any(f.clause.object == one.clause.object and set(map(str, f.clause.verb)) & set(map(str, two.clause.verb)) for f in clauses):
                return self.facts.vary(self.facts.capital(self.documents.prose.crossed(one.clause, two.clause)))
        return None

    def new_property(self, entity, near=None):
        label = near.topic if near else self.documents.attribute(entity)[0]
        return self.documents.attribute_fact(entity, label, "")


def case(example, question):
    passages = [dict(path=p.path, trail=p.trail, text=p.text) for p in example.passages]
    turns = [dict(question=t.question, answer=t.answer, passages=t.passages) for t in example.turns]
    return dict(passages=passages, turns=turns, question=question.text, answer=question.answer, citations=question.citations)


def cases(examples, count, turns=0):
    """Yields evaluation cases with one to six passages."""
    written = 0
    while written < count:
        example = examples.make(written % 6 + 1, 1, turns=turns)
        if len(example.turns) == turns and example.questions:
            written += 1
            yield case(example, example.questions[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, help="number of cases; a quarter as many with an earlier turn follow")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out")
    parser.add_argument("--show", type=int)
    parser.add_argument("--turns", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    examples = Examples(rng)
    for _ in range(args.show or 0):
        example = examples.make(rng.randint(1, 4), 8, turns=args.turns)
        for i, p in enumerate(example.passages):
            print(f"[{i + 1}] {p.path} ({p.trail})\n{p.text}\n")
        for t in example.turns:
            print(f"  after [{t.passages}]: {t.question}  ->  {t.answer}")
        for q in example.questions:
            print(f"  {q.text}  ->  {q.answer or 'REFUSAL'} {q.citations}")
        print("=" * 100)
    if args.cases:
        with open(args.out, "w") as out:
            for one in [*cases(examples, args.cases), *cases(examples, args.cases // 4, turns=1)]:
                out.write(json.dumps(one) + "\n")


if __name__ == "__main__":
    main()
