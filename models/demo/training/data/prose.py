"""Open prose: sentences built from parts (who, does, what, when, where, how, if, why), and a question for any part.

facts.txt has kinds of facts with their own words. Here, any verb goes with any noun. So a question must be matched by its words,
their forms and synonyms, and by the kind of answer that it asks for.
"""
import re
from dataclasses import dataclass

from . import words as w
from .facts import VERB_FORMS, Fact, conjugate

SYNONYMS = [[conjugate(v) for v in group.split()] for group in w.VERB_SYNONYMS]
NOUN_SYNONYMS = {word: group for group in (g.split() for g in w.NOUN_SYNONYMS) for word in group}
TO_SOMEBODY = {"send", "inform", "refund", "show", "issue", "report", "write", "move", "carry", "return", "lend", "escalate", "deliver", "sell", "share", "forward", "pay", "copy", "grant"}
PLURAL_ACTORS = re.compile(r"\b(employees|managers|leads|engineers|developers|contractors|interns|apprentices|students|visitors|guests|customers|suppliers|parents|colleagues|workers|members|"
                           r"volunteers|drivers|researchers|administrators|testers|resources)\b")


@dataclass
class Part:
    """A part of a sentence that a question may ask for, with the question words for it."""
    text: str
    wh: list
    kind: str = None


@dataclass
class Clause:
    actor: str              # None if the sentence names no actor
    verb: list              # synonyms; the sentence uses the first
    object: str
    plural: bool            # of the object
    modal: str
    parts: list
    exact: bool = False     # any word of the object may distinguish the clause from a sibling


class Prose:
    def __init__(self, values):
        self.values, self.rng = values, values.rng

    # -- parts
    def thing(self):
        """Returns an object of an action as (text, plural)."""
        rng, v = self.rng, self.values
        k = rng.random()
        if k < .3:
            return rng.choice(w.PLURALS), True
        if k < .55:
            return rng.choice(["the ", "the ", "a ", "every ", "each "]) + rng.choice(w.OBJECTS), False
        if k < .75:
            return rng.choice(["the ", "the ", "a ", "every "]) + rng.choice([v.adj() + " " + v.common(), rng.choice(w.MODIFIERS) + " " + v.common(), v.common() + " " + v.common()]), False
        if k < .9:
            return rng.choice([v.adj() + " ", "", rng.choice(w.MODIFIERS) + " "]) + v.several(v.common()), True
        return f"the {v.common()} of the {rng.choice(['', v.adj() + ' '])}{v.common()}", False

    def state(self):
        """Returns a clause for conditions and reasons."""
        text, plural = self.thing()
        verb = self.rng.choice(SYNONYMS)[0]["done"]
        are, has = ("are", "have") if plural else ("is", "has")
        return self.rng.choice([f"{text} {are} {self.values.adj()}", f"{text} {are} {self.rng.choice(w.CONDITIONS)}", f"{text} {has} been {verb}", f"{text} {are} not {verb}", f"nobody can {self.rng.choice(SYNONYMS)[0]['do']} {text}"])

    def time(self):
        rng, v = self.rng, self.values
        return rng.choice([
            lambda: Part(f"every {rng.choice([v.weekday(), v.unit(), 'second ' + v.weekday(), 'morning', 'evening'])}", ["when", "how often"]),
            lambda: Part(f"{rng.choice(['once', 'twice', v.small() + ' times'])} {rng.choice(['a', 'per'])} {v.unit()}", ["how often", "how often", "when"]),
            lambda: Part(f"on {v.weekday()}{rng.choice(['', 's', ' at ' + v.time()])}", ["when", "when", "on which day"]),
            lambda: Part(f"{rng.choice(['at', 'before', 'after', 'by'])} {v.time()}", ["when", "when", "at what time"]),
            lambda: Part(f"between {v.time()} and {v.time()}", ["when"]),
            lambda: Part(f"from {v.month()} to {v.month()}", ["when", "in which months"]),
            lambda: Part(f"in {v.month()}", ["when", "in which month"]),
            lambda: Part(f"{rng.choice(['before', 'after', 'during', 'before', 'after'])} {rng.choice(w.EVENTS)}", ["when", "when", "at what point"]),
            lambda: Part(f"within {v.dur()}", ["how soon", "how quickly", "by when", "when", "in what time"]),
            lambda: Part(f"{rng.choice(['at least ', 'no later than ', 'about ', ''])}{v.dur()} before {rng.choice(w.EVENTS)}", ["when", "how early", "how long before"]),
            lambda: Part(f"{rng.choice(['', 'about ', 'no later than '])}{v.dur()} after {rng.choice(w.EVENTS)}", ["when", "how soon", "how long after"]),
            lambda: Part(f"for {rng.choice(['', 'at least ', 'up to ', 'at most '])}{v.dur()}", ["how long", "for how long"]),
            lambda: Part(f"until {rng.choice([v.date(), v.time(), v.weekday(), 'the end of the ' + v.unit()])}", ["until when", "how long"]),
            lambda: Part(f"since {rng.choice([v.date(), v.year(), v.month()])}", ["since when"]),
            lambda: Part(f"as soon as {self.state()}", ["when", "at what point"])])()

    def part(self, kind):
        part = self.new_part(kind)
        part.kind = kind
        return part

    def new_part(self, kind):
        rng, v = self.rng, self.values
        if kind == "time":
            return self.time()
        if kind == "place":
            place = v.place()
            return Part(f"{'on' if 'floor' in place else rng.choice(['in', 'in', 'at', 'behind', 'beside', 'next to', 'outside', 'near'])} {place}", ["where", "where", "where", "in which place"])
        if kind == "means":
            return rng.choice([
                lambda: Part(f"{rng.choice(['with', 'through', 'in', 'using', 'by means of'])} {v.product()}", ["how", "with what", "which tool do we use, how"]),
                lambda: Part(f"with {rng.choice(['a', 'the'])} {v.adj()} {v.common()}", ["how", "with what"]),
                lambda: Part(f"with form {v.code()}", ["how", "with which form"]),
                lambda: Part(f"with {v.cmd()}", ["how", "with which command"]),
                lambda: Part(rng.choice(w.MANNERS), ["how"])])()
        if kind == "recipient":
            return Part(f"to {rng.choice([v.who(), v.who(), v.email(), v.channel()])}", ["to whom", "where", "to which address"])
        if kind == "condition":
            return Part(f"{rng.choice(['if', 'if', 'when', 'unless', 'whenever', 'only if', 'in case'])} {self.state()}", ["when", "in which case", "under what condition"])
        return rng.choice([
            lambda: Part(f"because {self.state()}", ["why", "for what reason"]),
            lambda: Part(f"so that {self.state()}", ["why", "what for, why"]),
            lambda: Part(f"to {rng.choice(SYNONYMS)[0]['do']} {self.thing()[0]}", ["why", "for what purpose"])])()

    def sibling(self, c):
        """Returns the same clause about another thing: with other values, and often with a word in common."""
        rng = self.rng
        c.exact = True
        text, plural = self.other_thing(c.object)
        parts = c.object.split(" ")
        if len(parts) == 3 and parts[0] in ("the", "a", "every", "each") and rng.random() < .4:
            text, plural = f"{parts[0]} {rng.choice([self.values.adj(), rng.choice(w.MODIFIERS)])} {parts[2]}", c.plural
        if text == c.object:
            return self.clause()
        kinds = [p.kind for p in c.parts]
        return Clause(c.actor and self.values.role(), list(c.verb), text, plural, c.modal, [self.part(k) for k in kinds], exact=True)

    def clause(self, thing=None):
        rng = self.rng
        group = list(rng.choice(SYNONYMS))
        to_somebody = bool({v["do"] for v in group} & TO_SOMEBODY)
        rng.shuffle(group)
        text, plural = thing or self.thing()
        if rng.random() < .12:      # with a number
            text, plural = f"{rng.choice(['', 'at most ', 'up to ', 'at least ', 'about '])}{self.values.num()} {rng.choice(w.PLURALS)}", True
        kinds = rng.sample(["time", "time", "time", "place", "means", "recipient", "condition", "reason"], rng.choice([0, 1, 1, 1, 2, 2]))
        kinds = [k for i, k in enumerate(kinds) if k not in kinds[:i] and (k != "recipient" or to_somebody)]
        kinds.sort(key=["means", "recipient", "place", "time", "reason", "condition"].index)
        actor = rng.choice([self.values.who, self.values.people, self.values.role])() if rng.random() < .6 or not kinds else None
        return Clause(actor, group, text, plural, rng.choice(["", "", "", "must", "may", "should", "can", "cannot", "must not", "may not", "has to", "is allowed to"]), [self.part(k) for k in kinds])

    # -- sentences
    def is_plural(self, actor):
        return actor in ("we", "you", "everyone else") or bool(PLURAL_ACTORS.search(actor))

    def predicate(self, modal, verb, plural, passive):
        """'must be checked', 'checks', 'have to check'."""
        plain = ("be " + verb["done"]) if passive else verb["do"]
        if modal == "has to":
            return f"{'have' if plural else 'has'} to {plain}"
        if modal == "is allowed to":
            return f"{'are' if plural else 'is'} allowed to {plain}"
        if modal:
            return f"{modal} {plain}"
        if passive:
            return f"{'are' if plural else 'is'} {verb['done']}"
        return verb["do"] if plural else verb["does"]

    def sentence(self, c, pronoun=None):
        rng, verb = self.rng, c.verb[0]
        parts = [p.text for p in c.parts]
        front = parts.pop(rng.randrange(len(parts))) if parts and rng.random() < .25 else None
        thing = pronoun or c.object
        passive = pronoun is not None or c.actor is None and c.modal not in ("", "must", "must not") or rng.random() < .4
        if passive:
            by = f" by {c.actor}" if c.actor else ""
            core = f"{thing} {self.predicate(c.modal, verb, c.plural, True)}{by}"
        elif c.actor:
            core = f"{c.actor} {self.predicate(c.modal, verb, self.is_plural(c.actor), False)} {thing}"
        else:
            core = rng.choice({"must not": ["Never ", "Do not "]}.get(c.modal, ["", "", "Please ", "Always "])) + f"{verb['do']} {thing}"
            if front:
                core = core[0].lower() + core[1:]
        text = f"{core} {' '.join(parts)}".strip()
        text = f"{front}, {text}" if front else text
        return text[0].upper() + text[1:] + "."

    # -- questions
    def said(self, text, exact=False):
        """Varies a noun phrase for the question: other articles, no adjective, sometimes a synonym."""
        rng = self.rng
        parts = text.split(" ")
        if parts[0] in ("the", "a", "every", "each"):
            article = rng.choice([parts[0], parts[0], "the", "a", "our", "my"])
            rest = parts[1:]
            if len(rest) == 2 and not exact and rng.random() < .3:
                rest = rest[1:]
            parts = [article] + rest
        parts = [rng.choice(NOUN_SYNONYMS[p]) if p in NOUN_SYNONYMS and rng.random() < .4 else p for p in parts]
        return " ".join(parts)

    def question(self, c, asked=None):
        """asked: a Part, 'actor', 'object', 'whether', or None for any."""
        rng = self.rng
        verb = rng.choice(c.verb) if rng.random() < .4 else c.verb[0]
        choices = [p for p in c.parts for _ in range(3)] + (["actor", "actor"] if c.actor else []) + ["object"] + (["whether"] if c.modal else [])
        asked = asked or rng.choice(choices)
        others = [p.text for p in c.parts if p is not asked and rng.random() < .35]
        rest = " ".join([""] + others)
        thing = self.said(c.object, c.exact)
        who = c.actor and self.said(c.actor)
        positive = c.modal.replace(" not", "").replace("cannot", "can")
        if asked == "actor":
            predicate = self.predicate(positive, verb, False, False)
            return rng.choice([f"who {predicate} {thing}{rest}?", f"who {predicate} {thing}?", f"by whom {'are' if c.plural else 'is'} {thing} {verb['done']}{rest}?", f"who is responsible for {verb['doing']} {thing}?",
                               f"which team or person {predicate} {thing}?", f"whose job is it to {verb['do']} {thing}?"])
        if asked == "object":
            if c.actor and rng.random() < .6:
                return f"what {self.auxiliary(positive, who, self.is_plural(c.actor), verb, '')}{rest}?"
            about = rest or " " + (c.parts[0].text if c.parts else "by " + (c.actor or "us"))
            return f"what {positive + ' be' if positive in ('must', 'may') else 'is'} {verb['done']}{about}?"
        if asked == "whether":
            subject = who or rng.choice(["I", "we", "one", "anyone"])
            opening = {"must": "must", "must not": "may", "may": "may", "may not": "may", "should": "should", "can": "can", "cannot": "can"}.get(c.modal)
            if opening:
                return f"{rng.choice([opening, opening, 'can'])} {subject} {verb['do']} {thing}{rest}?"
            return self.auxiliary(c.modal, subject, self.is_plural(subject), verb, thing) + f"{rest}?"
        wh = rng.choice(asked.wh)
        wh, _, instead = wh.partition(", ")
        wh = instead if instead and rng.random() < .6 else wh.replace("which tool do we use", "how").replace("what for", "why")
        about = re.match(r"(if|when|whenever|in case) (.*)", asked.text)
        if about and rng.random() < .55:      # the condition is given, and the question asks for the consequence
            return rng.choice([f"what happens if {about.group(2)}?", f"what do I do if {about.group(2)}?", f"what must be done when {about.group(2)}?", f"{about.group(2)}, what now?"])
        event = re.match(r"(.*?)\b(before|after|during) (the .*|a .*|an .*)", asked.text)
        if event and rng.random() < .3:
            return f"what is {verb['done']} {event.group(2)} {event.group(3)}?"
        if rng.random() < (.35 if c.actor else .2):
            subject = who if c.actor else rng.choice(["I", "we", "you"])
            return f"{wh} {self.auxiliary(positive, subject, self.is_plural(c.actor) if c.actor else True, verb, thing)}{rest}?"
        if rng.random() < .4:
            return rng.choice([f"{wh} {'should' if positive in ('', 'should') else 'do' if positive == 'has to' else 'may' if positive == 'is allowed to' else positive} {rng.choice(['I', 'we', 'you'])} {'have to ' if positive == 'has to' else ''}{verb['do']} {thing}{rest}?",
                               f"{wh} {rng.choice(['do I', 'do we', 'can I', 'do you'])} {verb['do']} {thing}{rest}?"])
        if positive in ("must", "may", "should", "can"):
            return f"{wh} {positive} {thing} be {verb['done']}{rest}?"
        if rng.random() < .12:
            return f"{thing} {verb['done']} {wh}{rest}?"
        return f"{wh} {'are' if c.plural else 'is'} {thing} {verb['done']}{rest}?"

    def auxiliary(self, modal, subject, plural, verb, thing):
        plural = plural or subject in ("I", "we", "you")
        if modal == "has to":
            return f"{'do' if plural else 'does'} {subject} have to {verb['do']} {thing}".strip()
        if modal == "is allowed to":
            return f"{'are' if plural else 'is'} {subject} allowed to {verb['do']} {thing}".strip().replace("are I", "am I")
        if modal:
            modal, _, negation = modal.partition(" ")
            return f"{modal} {subject} {negation + ' ' if negation else ''}{verb['do']} {thing}".strip()
        return f"{'do' if plural else 'does'} {subject} {verb['do']} {thing}".strip()

    def near_miss(self, c):
        """Returns a question like one of the clause, but about another thing, another action or another actor."""
        rng = self.rng
        k = rng.random()
        other = Clause(c.actor, c.verb, c.object, c.plural, c.modal, c.parts)
        if k < .45:
            other.object, other.plural = self.other_thing(c.object)
        elif k < .85:
            other.verb = rng.choice([g for g in SYNONYMS if g[0] not in c.verb and not {v["done"] for v in g} & {v["done"] for v in c.verb}])
        else:
            other.object, other.plural = self.other_thing(c.object)
            other.actor = self.values.role()
        asked = rng.choice(c.parts + (["actor"] if c.actor else [])) if c.parts or c.actor else None
        text = self.question(other, asked)
        return None if text.startswith(("what happens", "what do I", "what must be")) or "what now" in text or asked is None else text

    def crossed(self, one, two):
        """Returns a question about the object of one clause and the action of another."""
        clause = Clause(two.actor, two.verb, one.object, one.plural, two.modal, two.parts, exact=True)
        asked = self.rng.choice(two.parts + (["actor"] if two.actor else [])) if two.parts or two.actor else "whether" if two.modal else "object"
        return self.spelled(self.question(clause, asked))

    def other_thing(self, text):
        """Returns another thing, often with a word in common: 'the spare key' for 'the spare battery'."""
        rng, parts = self.rng, text.split(" ")
        if len(parts) >= 2 and parts[0] in ("the", "a", "every", "each") and rng.random() < .5:
            return " ".join(parts[:-1] + [self.values.common()]), False
        return self.thing()

    def fact(self, thing=None, pronoun=None, like=None):
        """like: a clause. If given, the fact states the same about another thing."""
        c = self.sibling(like) if like else self.clause(thing)
        if thing and c.object != thing[0]:
            pronoun = None
        sentence = self.sentence(c, pronoun)
        misses = [self.spelled(m) for m in (self.near_miss(c) for _ in range(4)) if m]
        return Fact(self.spelled(sentence), self.questions(c), c.object, " ".join(c.verb[0]["do"].split()), fill={}, shared={}, misses=misses, clause=c)

    def questions(self, c):
        return [self.spelled(self.question(c)) for _ in range(10)]

    def block(self, state, size):
        """Makes sentences and returns (text, fact) pairs. Some are about the same thing, with a pronoun for it."""
        rng, result = self.rng, []
        thing, last = None, None
        for _ in range(size):
            if last and rng.random() < .3:
                thing = None
                fact = self.fact(like=last.clause)
                last.questions = self.questions(last.clause)
                if state.add(fact):
                    result.append((fact.sentence, fact))
                continue
            again = thing is not None and rng.random() < .6
            subject = thing if again else self.thing()
            known = subject[0].split(" ")[0] in ("the",) or subject[1]
            fact = self.fact(subject, ("they" if subject[1] else "it") if again and known and rng.random() < .7 else None)
            thing, last = subject if known else None, None
            if state.add(fact):
                last = fact
                result.append((fact.sentence, fact))
        return result

    @staticmethod
    def spelled(text):
        text = w.with_articles(re.sub(r"  +", " ", text))
        return re.sub(r" +([?.,])", r"\1", text)
