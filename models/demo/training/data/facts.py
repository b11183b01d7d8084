"""Makes facts (sentences and their questions) from the forms in facts.txt."""
import re
from dataclasses import dataclass
from pathlib import Path

from . import words as w
from .values import Entity, Values


@dataclass
class Form:
    """A block of facts.txt: the subject's slot, the topic, and groups of sentences with the questions they answer."""
    subject: str
    topic: str
    groups: list


def read_forms(path=Path(__file__).with_name("facts.txt")):
    forms = []
    for line in path.read_text().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            subject, topic = line[1:].split()
            forms.append(Form(subject, topic, [([], [])]))
        elif line.startswith("? "):
            forms[-1].groups[-1][1].append(line[2:])
        else:
            if forms[-1].groups[-1][1]:
                forms[-1].groups.append(([], []))
            forms[-1].groups[-1][0].append(line)
    return forms


FORMS = read_forms()
FORMS_OF = {}
for _form in FORMS:
    FORMS_OF.setdefault(_form.subject, []).append(_form)
PROSE = [f for f in FORMS if f.subject in ("noun", "name")]
ENTITY_SUBJECTS = w.words("service service service obj obj items items setting error duty team person event device room benefit name")
VERB_FORMS = ("do", "does", "done", "doing")


def conjugate(verb):
    """Returns the four forms of a verb given as 'check' or 'base/third/participle/gerund'."""
    parts = [p.replace("-", " ") for p in verb.split("/")]
    base = parts[0]
    ends_in_y = base.endswith("y") and base[-2] not in "aeiou"
    third = parts[1] if len(parts) > 1 else base[:-1] + "ies" if ends_in_y else base + "s"
    done = parts[2] if len(parts) > 2 else base + "d" if base.endswith("e") else base[:-1] + "ied" if ends_in_y else base + "ed"
    doing = parts[3] if len(parts) > 3 else base[:-1] + "ing" if base.endswith("e") else base + "ing"
    return dict(zip(VERB_FORMS, (base, third, done, doing)))


VERBS = [conjugate(v) for v in w.VERBS]


@dataclass
class Fact:
    sentence: str
    questions: list
    subject: str            # the entity's text, or the subject slot if the form has no entity
    topic: str
    entity: Entity = None
    shared: dict = None     # choices that the sentence and the question share
    fill: dict = None
    misses: list = None     # questions that look similar and have no answer
    clause: object = None   # the source of the sentence, if it is open prose


class Facts:
    """Makes facts from forms: choices, slots, questions."""

    def __init__(self, rng):
        self.rng = rng
        self.values = Values(rng)

    def make(self, form, entity=None):
        fill, shared = {}, {}
        has_entity = hasattr(self.values, form.subject)
        if has_entity:
            fill[form.subject] = entity or self.values.entity(form.subject)
        sentences, questions = self.rng.choice(form.groups)
        sentence = self.expand(self.rng.choice(sentences), fill, shared, in_question=False)
        subject = fill[form.subject] if has_entity else None
        fact = Fact(self.sentence_case(sentence), questions, subject.text if subject else form.subject, form.topic, subject, fill=fill)
        fact.shared = shared
        return fact

    @staticmethod
    def attribute_names(questions):
        """Returns what questions such as "port of {service}" call the attribute."""
        found = (re.fullmatch(r"\{\w+\} ([a-z]+(?: [a-z]+)?)|([a-z]+(?: [a-z]+)?) of \{\w+\}", question) for question in questions)
        return [name for m in found if m and (name := m[1] or m[2]) not in NO_ATTRIBUTES and not name.startswith(("how ", "what "))]

    def ask(self, fact):
        question = self.expand(self.rng.choice(fact.questions), fact.fill, fact.shared, in_question=True)
        return self.vary(self.capital(question))

    @staticmethod
    def capital(text):
        return text[0].upper() + text[1:]

    def expand(self, text, fill, shared, in_question):
        text = self.choose(text, shared)
        text = re.sub(r"\{(\w+)\}", lambda m: self.fill_slot(m.group(1), fill, in_question), text)
        text = re.sub(r" +([?.,])", r"\1", re.sub(r"  +", " ", text)).strip()
        return w.with_articles(text)

    def choose(self, text, shared):
        """Resolves (a|b) and [a] from the inside out. [a|b] is a, b or nothing. <a|b> has the same choice in sentence and question, and
        <1:a|b> also in another list that begins with 1:."""
        while True:
            m = re.search(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]", text)
            if not m:
                break
            if m.group(1) is not None:      # if sentence and question have the same choice, it mostly has the same result
                options = m.group(1).split("|")
                piece = self.rng.choice(options)
                if (known := shared.setdefault(m.group(1), piece)) in options and self.rng.random() < .75:
                    piece = known
            else:
                piece = self.rng.choice(m.group(2).split("|")) if self.rng.random() < .5 else ""
            text = text[:m.start()] + piece + text[m.end():]

        def same(m):
            key, _, choices = m.group(1).rpartition(":")
            options = choices.split("|")
            key = key or choices.lower()
            return options[shared.setdefault(key, self.rng.randrange(len(options)))]
        return re.sub(r"<([^<>]*\|[^<>]*)>", same, text)

    def fill_slot(self, slot, fill, in_question):
        kind = slot.rstrip("0123456789")
        if kind in VERB_FORMS:
            number = slot[len(kind):]
            verb = fill.setdefault("verb" + number, self.rng.choice(VERBS))
            return verb[kind]
        if slot not in fill:
            fill[slot] = self.values.draw(slot)
        value = fill[slot]
        if isinstance(value, Entity):
            return self.rng.choice(value.aliases) if in_question else value.text
        return value

    @staticmethod
    def sentence_case(sentence):
        """Capitalizes the first word. Puts an identifier in backticks instead, because a copied sentence must begin unchanged."""
        first = sentence.split(" ")[0]
        if first[0].islower():
            if re.fullmatch(r"[a-z]+(-[a-z]+)?[,;:]?", first) and "-" not in first:
                return sentence[0].upper() + sentence[1:]
            if re.fullmatch(r"[a-z]+-[a-z]+", first):
                return "The " + sentence
            return f"`{first}`" + sentence[len(first):]
        return sentence

    def vary(self, question):
        """Varies a question as people do: no question mark, lower case, keywords only, polite words."""
        k = self.rng.random()
        if k < .58:
            return question
        if k < .66:
            return question.rstrip("?")
        if k < .74:
            return question.lower().rstrip("?") if not re.search("[A-Z]", question[1:]) else question[0].lower() + question[1:].rstrip("?")
        if k < .88:
            kept = [x for x in question.rstrip("?.").split(" ") if x.lower() not in STOP_WORDS]
            return " ".join(kept) if len(kept) >= 2 else question
        lower = question[0].lower() + question[1:] if question.split(" ")[0].lower() in QUESTION_STARTS else question
        return self.rng.choice(["Please tell me: ", "Quick question: ", "Hi, ", "Do you know: ", "I would like to know: ", "Hello! ", "One more thing: "]) + lower



STOP_WORDS = set(w.words("the a an is are do does of to in on by i we can must should what which who when where how for be it and that have has my our me tell about at"))
NO_ATTRIBUTES = {"down", "allowed", "fix", "logs", "what"}
QUESTION_STARTS = set(w.words("the what which who when where how why on in at by is are do does may can must after before to whom until since tell"))
