"""Makes questions on any sentence from some of its words, in other forms, order and context, with a question word that fits.

Used only in training, on real prose and sometimes on the generator's sentences. Forms teach what a question asks for. These
questions teach the model to find the sentence that has the words of the question, and to notice if no sentence has them.
"""
import collections
import functools
import re

from data import manuals
from data import words as w
from data.facts import FORMS_OF, Fact
from data.thesaurus import alternatives, other_form, readings, reworded
from data.documents import State
from data.values import Entity
from generate import Example, Examples
from pool import Pool

REAL_SHARE = .28        # share of documents
ALIKE_SHARE = .6        # share of examples without earlier turns whose passages share words, as what a search finds
OWN_WORDS_SHARE = .2    # share of the questions on generated sentences
REWORDED_SHARE = .3     # share of the questions from forms
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]|`[^`]+`|[A-Za-z]*\d[\w.:,-]*\w|\d")
STOP = set(w.words("""the a an is are was were be been being do does did of to in on by i we you he she they it its their his her our my your can could must should shall will would may might what which who
when where how for and or but that this these those have has had me us them tell about at as from with into than then so if not no nor only also there here such any each every all some more most other
same own very just too both few many much up out over under again once because while until unless since during before after between through above below off per via within without one two"""))
STATED_SHARE = .4       # share of the paragraphs of real prose with one more sentence, from a form, on something they name
ASKED_OF_SHARE = .2     # share of unanswerable questions that ask of something a sentence names what no sentence says of it
NAMED = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Tt]his|[Ee]ach|[Ee]very|your|our) ((?:[a-z]{3,} )?[a-z]{4,})(?=[,.;:)]| (?:is|are|was|were|has|have|had|of|in|to|and|or|on|for|at|by|from|with|that|which|who|can|may|must|will|should|does|do)\b)")
NAMEABLE = w.words("service service device obj obj event team")     # the subjects whose forms fit most things
KINDS = [   # pattern of a sentence, and question words that ask for the match
    (re.compile(r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?) (seconds?|minutes?|hours?|days?|weeks?|months?|years?|working days|milliseconds)\b"),
     ["how long", "how long", "for how long", "how many days", "how soon", "after how long", "within what time", "what is the time limit for", "how much time", "duration of", "period of"]),
    (re.compile(r"\b\d+ ?(%|percent)"), ["what percentage of", "how much", "what share of", "what percent"]),
    (re.compile(r"\b(\d+:\d\d|noon|midnight|o'clock|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|December)\b"), ["when", "when", "at what time", "on which day", "what time", "by when", "date of"]),
    (re.compile(r"\b(euros?|dollars?|cents?|pounds)\b|[$€]\d"), ["how much", "what is the price of", "how much money", "what does it cost", "how expensive", "cost of", "amount of"]),
    (re.compile(r"\b(every|each|daily|weekly|monthly|once|twice)\b"), ["how often", "how frequently", "when"]),
    (re.compile(r"\b(because|so that|in order to|due to|since)\b"), ["why", "why", "for what reason"]),
    (re.compile(r"\b(may|allowed|must not|never|cannot|can|should|required|forbidden|must)\b"), ["may I", "can I", "can we", "is it allowed to", "am I allowed to", "do I have to", "is it possible to", "should I", "what about", "do we need to"]),
    (re.compile(r"\b(if|when|whenever|unless)\b"), ["what happens if", "what if", "when", "in which case", "what do I do when"]),
    (re.compile(r"\b(by|with|using|through)\b"), ["how", "how do I", "how can I", "how is", "with what", "by what means"]),
    (re.compile(r"(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+\b"), ["who", "who", "whom", "which person", "name of"]),
    (re.compile(r"\b(in|at|under|on|inside) (the|a|an) \w+"), ["where", "where", "in which place", "where do I find"]),
    (re.compile(r"\b\d+\b"), ["how many", "how many", "what is the number of", "what is the maximum of", "number of"])]
ANY = ["what", "what", "what is", "which", "how", "what are", "what does", "how does", "is", "are", "does", "do", "tell me about", "what about", "explain", "describe", "what do you know about", "what is said about"]
COMPANY = ["at work", "here", "in general", "normally", "usually", "please", "at our company", "in the company", "exactly", "as an employee", "with us", "currently", "at the moment", "again", "for me", "in practice", "actually", "as a rule", "by default", "these days", "in our case", "if I may ask"]
FIRST = ["I am new here.", "I was wondering:", "Excuse me,", "Sorry,", "A colleague asked me:", "Hello,", "One question:", "Quick question:", "Can you tell me", "Could you tell me", "Do you know", "I need to know", "I want to know", "Somebody asked"]


@functools.lru_cache(500_000)
def root(word):
    """Returns the same name for all forms of a word."""
    word = word.lower().strip("`")
    if not word.isalpha():
        return word
    found = readings(word)
    return min((base for _, base, _ in found), key=len) if found else re.sub("(ies|ied|ing|ed|es|s|y|e)$", "", word) if len(word) > 4 else word


@functools.lru_cache(100_000)
def content(sentence):
    """Returns the words of a sentence that carry its topic, in order and without repetition."""
    found = {}
    for m in WORD.finditer(sentence):
        word = m.group()
        if word.lower() not in STOP and len(word) > 2:
            found.setdefault(root(word), word)
    return tuple(found.items())


def meanings(word):
    """Returns the root of a word and those of the words that may replace it."""
    return {root(x) for x in (word, *sum(alternatives(word.lower()), ()))}


class Read(Examples):
    """Makes examples with real prose among their documents, and with questions made of the words of a sentence."""

    def __init__(self, rng):
        super().__init__(rng, mentions=.5)
        self.paragraphs, self.sentences = manuals.paragraphs(), manuals.examples()
        self.unread = []        # sentences on the pages of the current example that no passage has
        self.unasked = []       # facts that a search found for the current example, but that no passage has
        self.pool = Pool(rng, lambda text: dict(content(text)))

    def make(self, passages, questions, refusals=.25, size=3, turns=0):
        self.unread, self.unasked = [], []
        if not turns and passages > 1 and len(self.pool) > 1000 and self.rng.random() < ALIKE_SHARE:
            return self.alike(passages, questions, refusals)
        example = super().make(passages, questions, refusals, size, turns)
        for passage in example.passages:
            self.pool.add(passage)
        return example

    def alike(self, passages, questions, refusals):
        """Makes an example of chunks that a search for a sentence or two finds. So most words of a question are in several passages."""
        rng, state, chosen, seen = self.rng, State(), [], []
        for _ in range(20):
            near = rng.choice(chosen) if chosen else self.pool.any()
            sentences = [near.text[start:end] for start, end, fact in near.units if fact]
            found = self.pool.search(rng.choice(sentences) if sentences else near.text, 12)
            if not chosen:
                found = [near]
            elif rng.random() < .5:
                rng.shuffle(found)
            for chunk in found:
                facts = [fact for _, _, fact in chunk.units if fact and fact.questions is not None]
                if any(chunk.text == other.text for other in chosen) or any(state.conflicts(fact) for fact in facts):
                    continue
                for fact in facts:
                    state.add(fact)
                chosen.append(chunk)
                if len(chosen) == passages or rng.random() < .4:
                    break
            seen += found
            if len(chosen) == passages:
                break
        left = [(fact, chunk.text[start:end]) for chunk in seen if chunk not in chosen for start, end, fact in chunk.units if fact]
        self.unread = [sentence for fact, sentence in left if fact.questions is None]
        self.unasked = [fact for fact, _ in left if fact.questions is not None]
        chosen.sort(key=lambda p: (p.path, p.chunk))
        return Example(chosen, self.questions(chosen, state, questions, refusals), [])

    def document(self, state, size):
        """Sometimes paragraphs of one page, or loose sentences of everyday English."""
        rng = self.rng
        if rng.random() > REAL_SHARE:
            return super().document(state, size)
        count, real = rng.randint(1, size + 1), None
        if rng.random() < .45:
            texts = [[rng.choice(self.sentences) for _ in range(rng.randint(1, 4))] for _ in range(count)]
            self.unread += rng.sample(self.sentences, 4)
        else:
            first = rng.randrange(len(self.paragraphs) - 2 * count - 2)
            real = self.paragraphs[first:first + count]
            texts = [p.sentences for p in real]
            self.unread += [s for i in range(first + count, first + 2 * count + 2) for s in self.paragraphs[i].sentences]
        topic = [x for _, x in content(" ".join(texts[0])) if x.isalpha()] or ["notes"]
        blocks, under = [], ()
        if real is None and rng.random() < .5:
            blocks.append(self.documents.headed(" ".join(rng.sample(topic, min(len(topic), rng.choice([1, 1, 2])))).capitalize()))
        for i, text in enumerate(texts):
            if real:
                blocks += [self.documents.headed(name, level) for level, name in real[i].headings if (level, name) not in under]
                under = real[i].headings
            facts = [(s, Fact(s, None, "", "", fill={}, shared={})) for s in text[:4]]
            if rng.random() < STATED_SHARE and (fact := self.on_named(text[:4])) and state.add(fact):
                facts.insert(rng.randint(1, len(facts)), (fact.sentence, fact))
            if len(facts) > 1 and rng.random() < .15:
                blocks.append(self.documents.lines(facts, rng.choice(["- ", "* ", "1. "])))
            else:
                blocks.append(self.documents.paragraph(facts))
        path = self.documents.path() if rng.random() < .5 else rng.choice(w.PATH_WORDS) + "/" + "-".join(x.lower() for x in rng.sample(topic, min(len(topic), rng.choice([1, 2])))) + ".md"
        return self.documents.chunks(path, blocks)

    def on_named(self, sentences):
        """Returns a fact of a form on something that one of the sentences names ("the compiler"), or None."""
        named = NAMED.findall(self.rng.choice(sentences))
        if not named:
            return None
        name = "the " + self.rng.choice(named)
        return self.facts.make(self.rng.choice(FORMS_OF[self.rng.choice(NAMEABLE)]), Entity(name, [name, name, name, "our" + name[3:]]))

    # -- questions
    def ask(self, fact, sentence, passage, others):
        if fact.questions is not None and self.rng.random() > OWN_WORDS_SHARE:
            return self.reword(super().ask(fact, sentence, passage, others))
        return self.ask_words(sentence, others, [x for _, x in content(passage.path.replace("/", " ").replace("-", " ").rsplit(".", 1)[0])])

    def unanswerable(self, present, state, sentences):
        if self.unasked and self.rng.random() < .4 and not state.conflicts(fact := self.rng.choice(self.unasked)):
            return self.reword(self.facts.ask(fact))
        if self.rng.random() < ASKED_OF_SHARE and (question := self.asked_of_named(state, sentences)):
            return question
        present = [fact for fact in present if fact.questions is not None]
        if present and (not self.unread and self.rng.random() > OWN_WORDS_SHARE or self.unread and self.rng.random() < .4):
            question = super().unanswerable(present, state, sentences)
            return question and self.reword(question)
        return self.miss(self.rng.choice(sentences), sentences)

    def asked_of_named(self, state, sentences):
        """Returns a question of a form on something that a sentence names, if no sentence with the name has half of its other words."""
        fact = self.on_named(sentences)
        if not fact or state.conflicts(fact):
            return None
        question = self.reword(self.facts.ask(fact))
        named = set(dict(content(fact.entity.text)))
        asked = [meanings(x) for x in dict(content(question)) if x not in named]
        about = [words for words in (set(dict(content(s))) for s in sentences) if words & named]
        return question if asked and all(2 * sum(bool(near & words) for near in asked) < len(asked) for words in about) else None

    def reword(self, question):
        """Returns the question, often with one word replaced by a word of nearly the same meaning."""
        rng = self.rng
        if rng.random() > REWORDED_SHARE:
            return question
        words = question.split(" ")
        usable = [i for i, x in enumerate(words) if x.strip("?").isalpha() and x.strip("?").lower() not in STOP and (i == 0 or x.islower())]
        if usable:
            i = rng.choice(usable)
            new = reworded(words[i].strip("?"), rng)
            if new:
                words[i] = new + ("?" if words[i].endswith("?") else "")
        return " ".join(words)

    def choose(self, sentence, others):
        """Returns words that distinguish `sentence` from the others, or None."""
        rng = self.rng
        own = content(sentence)
        if not own:
            return None
        rest = [dict(content(o)) for o in others]
        often = {r: 1 + sum(r in o for o in rest) for r, _ in own}
        for _ in range(4):
            count = min(len(own), rng.choice([1, 2, 2, 3, 3, 4, 5]))
            chosen = sorted(rng.sample(range(len(own)), count))
            worth = sum(1 / often[own[i][0]] for i in chosen)
            rival = max((sum(1 / often[own[i][0]] for i in chosen if own[i][0] in o) for o in rest), default=0)
            if worth >= .9 and rival <= .55 * worth:
                return [own[i][1] for i in chosen]
        return None

    def ask_words(self, sentence, others, topic):
        """Returns a question that `sentence` answers and no other sentence does, or None."""
        chosen = self.choose(sentence, others)
        if not chosen:
            return None
        rng = self.rng
        if rng.random() < .4:       # the words keep their neighbors
            text = self.stretch(sentence, chosen)
        else:
            text = self.loose(chosen)
        if topic and rng.random() < .15:    # add the topic of the passage
            text = rng.choice([f"{text} {rng.choice(topic)}", f"{rng.choice(topic)} {text}", f"{text} in {rng.choice(topic)}"])
        return self.framed(sentence, text)

    def miss(self, sentence, others):
        """Returns a question like one on `sentence`, about something that no passage mentions, or None."""
        rng = self.rng
        if self.unread and rng.random() < .5:
            other = rng.choice(self.unread)
        else:
            other = sentence
        own = content(other)
        if len(own) < 2:
            return None
        chosen = [x for _, x in rng.sample(own, min(len(own), rng.choice([2, 2, 3, 3, 4])))]
        if other == sentence or rng.random() < .3:      # replace one word by a word of another text
            stranger = content(rng.choice(rng.choice(self.paragraphs).sentences) if rng.random() < .5 else rng.choice(self.sentences))
            if not stranger:
                return None
            chosen = chosen[:2]
            chosen[rng.randrange(len(chosen))] = rng.choice(stranger)[1]
        roots = [root(x) for x in chosen]
        near = {x: meanings(x) for x in chosen}
        if any(sum(bool(near[x] & set(dict(content(o)))) for x in chosen) > .67 * len(roots) for o in others):
            return None
        return self.framed(other, self.loose(chosen) if rng.random() < .7 or other == sentence else self.stretch(other, chosen))

    def varied(self, word):
        rng = self.rng
        if not word.isalpha():
            return word.strip("`") if rng.random() < .5 else word
        k = rng.random()
        if k < .25:
            new = reworded(word, rng)
        elif k < .4:
            new = other_form(word.lower(), rng)
        else:
            new = word
        return new or word

    def loose(self, chosen):
        rng = self.rng
        chosen = [self.varied(x) for x in chosen]
        if rng.random() < .4:
            rng.shuffle(chosen)
        if rng.random() < .55:
            return " ".join(chosen)
        text = chosen[0]
        for word in chosen[1:]:
            text += rng.choice([" ", " ", " the ", " of ", " of the ", " for ", " in ", " to ", " a ", " with ", " and ", " on ", " by "]) + word
        return text

    def stretch(self, sentence, chosen):
        """Returns the part of the sentence from the first to the last chosen word, or a little more. Changes or omits a few words."""
        rng = self.rng
        tokens = sentence.rstrip(".").split(" ")
        places = [i for i, t in enumerate(tokens) if any(c in t for c in chosen)]
        if not places:
            return self.loose(chosen)
        first, last = min(places), max(places) + 1
        first = max(0, min(first, last - 2) - rng.randint(0, 2))
        last = min(len(tokens), max(last, first + 2), first + 10)
        result = []
        for i in range(first, last):
            bare = tokens[i].strip(",.;:()\"")
            if bare.lower() not in STOP and not any(c in tokens[i] for c in chosen) and rng.random() < .3:
                continue
            result.append(self.varied(bare) if i or not bare.isalpha() else self.varied(bare.lower() if bare.lower() in STOP or rng.random() < .7 else bare))
        return " ".join(result)

    def framed(self, sentence, text):
        rng = self.rng
        if rng.random() < .25:
            return text.lower() if rng.random() < .5 and "`" not in text else text
        fitting = [q for pattern, questions in KINDS if pattern.search(sentence) for q in questions]
        wh = rng.choice(fitting) if fitting and rng.random() < .85 else rng.choice(ANY)
        joint = rng.choice(["", "", " the", " is", " are", " does", " do I", " do we", " must", " can"]) if wh in ("how long", "when", "where", "how", "how often", "why", "how much", "how many", "who", "which", "what") else rng.choice(["", " the"])
        text = f"{wh}{joint} {text}"
        if rng.random() < .12:
            text += " " + rng.choice(COMPANY)
        if rng.random() < .1:
            text = rng.choice(FIRST) + " " + text
        text = text[0].upper() + text[1:] if rng.random() < .75 else text
        return text + (rng.choice(["?", "?", "?", ""]))
