"""Makes Markdown documents that state facts, and cuts them into chunks as the library does."""
import re
from dataclasses import dataclass, field

from . import words as w
from .facts import FORMS, FORMS_OF, ENTITY_SUBJECTS, PROSE, VERB_FORMS, VERBS, Fact, Facts
from .prose import Prose
from .values import IT, THEY, Entity

CELLS = {       # heads and cells of forms whose sentence says more than one value
    ("error", "meaning"): ("Meaning", "{obj} (is missing|is full|has expired|is too large|is too old|could not be {done}|was not {done}|is {done} twice)"),
    ("error", "remedy"): ("First step", "{do} {obj}")}
EMBEDDED_SHARE = .12    # share of the sentences about one thing, where there are mentions
LOSE_CAPITAL = set(w.words("The It Its They Their A An Every Each If When To For Use Only Never Do Before After In On At We You All No"))


@dataclass
class Block:
    """A piece of Markdown between blank lines. `units` are the spans that an answer may copy, as (start, end, fact or None)."""
    text: str
    units: list = field(default_factory=list)
    level: int = 0          # of a heading, from 1; 0 for other blocks


@dataclass
class Passage:
    path: str
    chunk: int
    text: str
    units: list
    trail: str = ""         # the headings that it is under, as the library joins them: "Backups > Retention"


class Documents:
    """mentions: how often fillers mention the thing or the attribute of a fact, how often a sentence has a second clause, and how often lines of a
    list say what a table says, from 0 (the cases of an evaluation) to 1."""

    def __init__(self, rng, mentions=0):
        self.rng, self.mentions = rng, mentions
        self.facts = Facts(rng)
        self.values = self.facts.values
        self.prose = Prose(self.values)

    def path(self):
        v, rng = self.values, self.rng
        stem = rng.choice([rng.choice(w.PATH_WORDS), rng.choice(w.PATH_WORDS), v.slug() + "-" + rng.choice(w.PATH_WORDS), v.slug()])
        folder = rng.choice(["", "", rng.choice(w.PATH_WORDS) + "/", rng.choice(w.PATH_WORDS) + "/" + v.slug() + "/"])
        if rng.random() < .08:
            return "src/" + v.slug().capitalize() + "/" + v.slug().capitalize() + v.slug().capitalize() + ".cs"
        return folder + stem + rng.choice([".md", ".md", ".md", ".md", ".txt"])

    # -- blocks
    def heading(self, level=0):
        v, rng = self.values, self.rng
        text = rng.choice([rng.choice(w.HEADINGS), rng.choice(w.HEADINGS), v.obj().text[4:].capitalize(), rng.choice(w.PLURALS).capitalize(), rng.choice(w.PATH_WORDS).capitalize(), v.name()])
        return self.headed(text, level)

    def headed(self, text, level=0):
        level = level or self.rng.choice([1, 2, 2, 2, 2, 3])
        return Block("#" * level + " " + text, level=level)

    def paragraph(self, sentences):
        """sentences: (text, fact) pairs, with None for a filler and a list for a sentence of several facts. Joins them with spaces."""
        block, rng = Block(""), self.rng
        i = 0
        while i < len(sentences):
            text, facts = sentences[i][0], self.stated(sentences[i][1])
            if i + 1 < len(sentences) and rng.random() < .05:
                i += 1
                text, facts = text[:-1] + rng.choice([", and ", ", and ", "; ", ", but "]) + self.inner(sentences[i][0]), facts + self.stated(sentences[i][1])
            i += 1
            block.text += " " if block.text else ""
            start = len(block.text)
            block.text += self.dressed(text)
            block.units += [(start, len(block.text), fact) for fact in facts]
        if rng.random() < .5:
            block.text = self.wrapped(block.text, rng.choice([60, 72, 80, 96, 100]))
        return block

    @staticmethod
    def stated(fact):
        return fact if isinstance(fact, list) else [fact]

    @staticmethod
    def inner(sentence):
        """Prepares a sentence as the second half of another: 'The', 'It' and similar words lose their capital."""
        return sentence[0].lower() + sentence[1:] if sentence.split(" ")[0] in LOSE_CAPITAL else sentence

    def dressed(self, sentence):
        """Sometimes adds a phrase at the front or at the end, as people write."""
        k = self.rng.random()
        if k < .07:
            return self.rng.choice(w.LEADS) + " " + self.inner(sentence)
        if k < .16 and sentence.endswith("."):
            return sentence[:-1] + self.rng.choice(w.TAILS) + "."
        return sentence

    @staticmethod
    def wrapped(text, width):
        """Wraps lines by replacing spaces with newlines. Nothing else moves."""
        characters, line_start, last_blank = list(text), 0, -1
        for i, c in enumerate(characters):
            if c == " ":
                last_blank = i
            if i - line_start >= width and last_blank > line_start:
                characters[last_blank] = "\n"
                line_start = last_blank + 1
        return "".join(characters)

    def lines(self, items, marker="- "):
        block = Block("")
        for i, (text, fact) in enumerate(items):
            block.text += ("\n" if block.text else "") + (f"{i + 1}. " if marker == "1. " else marker)
            start = len(block.text)
            block.text += text
            block.units += [(start, len(block.text), one) for one in self.stated(fact)]
        return block

    def filler(self, fact=None):
        """Returns a sentence that says nothing, with None for a fact. Sometimes it has the words of a question on the fact."""
        rng = self.rng
        if not fact or rng.random() > self.mentions:
            return (rng.choice(w.FILLERS), None)
        name = fact.entity.text if fact.entity else ""
        attributes = [fact.topic] if fact.fill and "entity" in fact.fill else self.facts.attribute_names(fact.questions or [])
        if attributes and rng.random() < .5:
            text = rng.choice(w.ATTRIBUTE_MENTIONS)
        elif attributes and name and rng.random() < .3:
            text = rng.choice(w.DOUBLE_MENTIONS)
        else:
            text = rng.choice(w.MENTIONS if name else w.FILLERS)
        text = text.replace("{X}", rng.choice(attributes or [""])).replace("{E}", name).replace("{K}", w.KINDS.get(self.subject_of(fact), "thing"))
        return (w.with_articles(text), None)

    def only_mentioned(self, state):
        """Returns a filler with the words of a fact that no passage states."""
        fact = self.facts.make(self.rng.choice(FORMS))
        if fact.entity and not state.conflicts(fact):
            state.mentioned.append(fact)
        return self.filler(fact)

    @staticmethod
    def subject_of(fact):
        """Returns the slot of the fact's entity, or None."""
        return next((slot for slot, value in (fact.fill or {}).items() if value is fact.entity and slot in w.KINDS), None)

    def embedded(self, fact):
        """Returns the fact's sentence as a clause of a longer one, or with a clause inside, if its form allows that."""
        rng, (name, rest) = self.rng, self.split(fact)
        if not name or fact.entity.pronouns is not IT:
            return fact.sentence
        if rng.random() < .4:
            name += f", {rng.choice(w.RELATIVES)},"
        else:
            name = rng.choice(w.EMBEDDINGS).replace("{E}", fact.entity.text).replace("{N}", w.KINDS.get(self.subject_of(fact), "thing"))
        return f"{name} {' '.join(rest)}."

    def gapped(self, one, two):
        """Joins the sentences of two facts of one form, as in "A is led by X, and B by Y.", or returns None if they differ too early."""
        first, rest = self.split(one)
        second, other = self.split(two)
        if not first or not second:
            return None
        same = next((i for i, (a, b) in enumerate(zip(rest, other)) if a != b), 0)
        if same < 2 or rest[same - 1] not in w.PREPOSITIONS:
            return None
        return f"{first} {' '.join(rest)}{self.rng.choice([', and ', ', and ', '; ', ', but '])}{two.entity.text} {' '.join(other[same - 1:])}."

    @staticmethod
    def split(fact):
        """Splits the fact's sentence into the name of its entity and the words after it, or returns (None, None) if it begins otherwise."""
        name = fact.entity.text if fact.entity else ""
        start = next((s for s in (name[:1].upper() + name[1:], name) if s and fact.sentence.startswith(s + " ")), None)
        return (start, fact.sentence[len(start) + 1:].rstrip(".").split(" ")) if start else (None, None)

    def pronoun(self, fact):
        """Returns the sentence of the fact with a pronoun, for use after a sentence or heading that names the entity."""
        name = fact.entity.text
        text = fact.sentence
        it, its, object_form = fact.entity.pronouns
        capital = name[0].upper() + name[1:]
        for start in (capital, name, "The " + name):
            if text.startswith(start + " "):
                return it + text[len(start):]
        m = re.match(rf"(The|the) ([\w ]+?) (of|for) {re.escape(name)} ", text)
        if m:
            return self.rng.choice([its, "The"]) + f" {m.group(2)} " + text[m.end():]
        if text.endswith(f" {name}."):
            return text[:-len(name) - 1] + object_form + "."
        return text.replace(f" {name} ", f" {object_form} ")

    def entity_blocks(self, state, subject):
        """Makes paragraphs about an entity. A heading or the first sentence names it. Often, paragraphs about similar entities follow."""
        forms = self.rng.sample(FORMS_OF[subject], min(len(FORMS_OF[subject]), self.rng.choice([1, 1, 2, 2, 3])))
        entity = self.values.entity(subject)
        blocks = self.blocks_of(state, subject, entity, forms)
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            blocks += self.blocks_of(state, subject, self.values.sibling(subject, entity), forms)
        return blocks

    def blocks_of(self, state, subject, entity, chosen):
        rng = self.rng
        headed = rng.random() < .35 and subject not in ("noun", "error")
        sentences, named = [], headed
        for form in chosen:
            fact = self.facts.make(form, entity)
            if not state.add(fact):
                continue
            if named and rng.random() < (.45 if sentences else .25):
                fact.sentence = self.pronoun(fact)
            elif rng.random() < EMBEDDED_SHARE * self.mentions:
                fact.sentence = self.embedded(fact)
            named = True
            sentences.append((fact.sentence, fact))
            if rng.random() < .08 + .08 * self.mentions:
                sentences.append(self.filler(fact))
        if not sentences:
            return []
        if rng.random() < .12:
            sentences.insert(0, self.filler(sentences[0][1]))
        body = self.lines(sentences, rng.choice(["- ", "- ", "* ", "1. "])) if len(sentences) > 1 and rng.random() < .15 else self.paragraph(sentences)
        return ([self.heading_of(entity)] if headed else []) + [body]

    def mixed_block(self, state, size):
        sentences = []
        for _ in range(size):
            k = self.rng.random()
            form = self.rng.choice(PROSE) if k < .3 else self.rng.choice(FORMS)
            fact = self.facts.make(form)
            if state.add(fact):
                sentences.append((fact.sentence, fact))
                if fact.entity and self.rng.random() < .3:      # the same fact about another entity: the words that differ decide
                    fact = self.facts.make(form, self.values.sibling(form.subject, fact.entity))
                    if state.add(fact):
                        sentences.append((fact.sentence, fact))
                        if self.mentions and (both := self.gapped(sentences[-2][1], fact)):
                            sentences[-2:] = [(both, [sentences[-2][1], fact])]
            if self.rng.random() < .1 * self.mentions:
                sentences.append(self.only_mentioned(state))
            if self.rng.random() < .08 + .08 * self.mentions:
                sentences.append(self.filler(fact))
        if not sentences:
            return []
        if len(sentences) > 1 and self.rng.random() < .2:
            return [self.lines(sentences, self.rng.choice(["- ", "- ", "* ", "1. "]))]
        return [self.paragraph(sentences)]

    def prose_block(self, state, size):
        sentences = self.prose.block(state, size)
        for i in range(len(sentences) - 1, -1, -1):
            if self.rng.random() < .08:
                sentences.insert(i, self.filler())
        if not sentences:
            return []
        if len(sentences) > 1 and self.rng.random() < .15:
            return [self.lines(sentences, self.rng.choice(["- ", "- ", "* ", "1. "]))]
        return [self.paragraph(sentences)]

    def attribute(self, entity, name=None):
        """Returns a named property of an entity, for lists, tables and sentences such as 'The retry limit of X is 5.'"""
        kind = name[1] if name else None
        if not name:
            noun = self.rng.choice(list(w.ATTRIBUTES))
            kind = w.ATTRIBUTES[noun]
            label = self.rng.choice([noun, f"{self.rng.choice(w.MODIFIERS)} {noun}", f"{self.rng.choice(w.MODIFIERS)} {noun}", f"{self.rng.choice(w.ADJECTIVES)} {noun}"])
        else:
            label = name[0]
        value = self.values.draw(kind)
        return label, kind, value.text if isinstance(value, Entity) else value

    def attribute_fact(self, entity, label, sentence, subject=None):
        fact = Fact(sentence, self.attribute_questions(label, "entity"), entity.text, label, entity, fill={"entity": entity})
        fact.shared = {}
        return fact

    @staticmethod
    def attribute_questions(label, slot):
        """Returns forms of questions for the attribute of the slot's entity."""
        alias_questions = ["What is the {A} of {E}?", "What is the {A} of {E}?", "What is the {A} for {E}?", "(Which|What) {A} does {E} (have|use)?", "What's the {A} of {E}?", "Tell me the {A} of {E}.",
                           "What is {E}'s {A}?", "What should the {A} of {E} be?", "{E} {A}?", "For {E}, what is the {A}?"]
        verb_questions = w.ATTRIBUTE_QUESTIONS.get(label, [])      # not for an attribute with a modifier: they could mean another attribute
        return [q.replace("{A}", label).replace("{E}", f"{{{slot}}}") for q in alias_questions + 6 // max(1, len(verb_questions)) * verb_questions]

    def attribute_blocks(self, state):
        """Makes a list such as '- Port: 8443' below a heading, or sentences about properties."""
        rng = self.rng
        entity = self.values.entity(rng.choice(["service", "service", "device", "room", "team", "items"]))
        properties = [self.attribute(entity) for _ in range(rng.choice([1, 2, 2, 3, 4]))]
        if rng.random() < .45 and len(properties) > 1:
            items = []
            for label, _, value in properties:
                bold = rng.random() < .2
                text = f"**{label.capitalize()}:** {value}" if bold else f"{label.capitalize()}: {value}"
                fact = self.attribute_fact(entity, label, text)
                if state.add(fact):
                    items.append((text, fact))
            return [self.heading_of(entity), self.lines(items)] if items else []
        sentences = []
        templates = ["The {A} of {E} is {V}.", "The {A} of {E} is {V}.", "The {A} for {E} is {V}.", "{E} has a {A} of {V}.", "For {E}, the {A} is {V}.", "{E} uses {V} as its {A}.", "The {A} of {E} was changed to {V}.",
                     "By default, the {A} of {E} is {V}.", "The {A} is {V} for {E}.", "Use {V} as the {A} of {E}."]
        for label, _, value in properties:
            fact = self.attribute_fact(entity, label, "")
            if sentences and rng.random() < .5:
                template = rng.choice(["Its {A} is {V}.", "The {A} is {V}.", "It has a {A} of {V}."])
                if entity.pronouns is THEY:
                    template = template.replace("Its", "Their").replace("It has", "They have")
            else:
                template = rng.choice(templates)
            text = template.replace("{A}", label).replace("{E}", entity.text).replace("{V}", value)
            text = w.with_articles(Facts.sentence_case(text))
            fact.sentence = text
            if state.add(fact):
                sentences.append((text, fact))
        return [self.paragraph(sentences)] if sentences else []

    def heading_of(self, entity):
        return self.headed(self.title(entity.text))

    @staticmethod
    def title(name):
        name = re.sub("^(the|a|every|each) ", "", name)
        return name[0].upper() + name[1:]

    def topic_heading(self, block, level=0):
        """Returns a heading with words of a fact of the block, as headings mostly have."""
        facts = [fact for _, _, fact in block.units if fact]
        if not facts:
            return self.heading(level)
        fact = self.rng.choice(facts)
        subject, topic = self.title(fact.subject), fact.topic.replace("_", " ")
        return self.headed(self.rng.choice([subject, subject, topic.capitalize(), f"{subject} and {topic}", f"{topic.capitalize()} of {re.sub('^The ', 'the ', fact.subject)}"]), level)

    def columns(self, subject):
        """Returns one to three columns for a table of such entities, as (topic, head, cell, questions). A cell is a form; the
        questions of some columns are those of the sentences that say the same."""
        rng, columns = self.rng, {}
        forms = [c for form in FORMS_OF.get(subject, []) for c in self.as_columns(form)]
        for _ in range(rng.choice([1, 2, 2, 3])):
            if forms and rng.random() < .6:
                column = rng.choice(forms)
            else:
                label, kind, _ = self.attribute(None)
                column = (label, label.capitalize(), "{" + kind + "}", self.attribute_questions(label, subject))
            columns.setdefault(column[0], column)
        return list(columns.values())

    @staticmethod
    def as_columns(form):
        """Yields the columns that say what the form's sentences say."""
        own = "{" + form.subject + "}"
        for sentences, questions in form.groups:
            slots = [set(re.findall(r"\{(\w+)\}", s)) - {form.subject} for s in sentences if own in s]
            slot = next((min(found) for found in slots if len(found) == 1 and not min(found).startswith(VERB_FORMS)), None)
            head, cell = CELLS.get((form.subject, form.topic), (form.topic.replace("_", " ").capitalize(), slot and f"{{{slot}}}"))
            asked = [q for q in questions if own in q and set(re.findall(r"\{(\w+)\}", q)) == {form.subject} and "<" not in q]
            if asked and cell:
                yield form.topic, head, cell, asked

    def table_block(self, state):
        """Makes a table of a few entities. The answer to a question about a cell is its row."""
        rng = self.rng
        listed = rng.random() < .3 * self.mentions
        subject = rng.choice(["service", "service", "room", "device", "team", "person", "setting", "city", "error", "error", "items", "event"] + ["duty", "duty", "keys", "level"] * listed)
        columns = self.columns(subject)
        head = {"person": "Name", "city": "Place", "error": "Code"}.get(subject, subject.capitalize())
        lines = [f"| {head} | " + " | ".join(c[1] for c in columns) + " |", "|" + "---|" * (len(columns) + 1)]
        text = "" if listed else "\n".join(lines)
        units = [] if listed else [(0, len(lines[0]), None)]
        for _ in range(rng.choice([2, 3, 4, 5, 6])):
            entity = self.values.entity(subject)
            cells, facts = [], []
            for topic, _, cell, questions in columns:
                cells.append(re.sub("^(the|a|an) ", "", self.facts.expand(cell, {}, {}, in_question=False)))
                facts.append(Fact("", questions, entity.text, topic, entity, {}, {subject: entity}))
            if listed:
                row = f"{self.title(entity.text)}: " + ", ".join([cells[0]] + [f"{c[1].lower()} {cell}" for c, cell in list(zip(columns, cells))[1:]]) + rng.choice(["", "."])
            else:
                row = f"| {re.sub('^(the|a|an|every|each) ', '', entity.text)} | " + " | ".join(cells) + " |"
            if len(text) + len(row) > 400 or not all([state.add(f) for f in facts]):
                continue
            text += ("\n" if text else "") + ("- " if listed else "")
            start = len(text)
            text += row
            for fact in facts:
                fact.sentence = row
            units.append((start, start + len(row), rng.choice(facts)))
        return [Block(text, units)] if len(units) > 1 else []

    def commands_block(self, state):
        """Makes a fenced block of several commands. The answer is the line whose words are those of the question."""
        rng, v = self.rng, self.values
        tool, nouns, lines, units = v.one_of([v.slug() + "ctl", v.madeup()]), [v.slug() for _ in range(rng.choice([1, 1, 2, 3]))], [], []
        for verb in rng.sample(list(w.COMMANDS), rng.choice([2, 3, 3, 4])):
            noun, (flag, more) = rng.choice(nouns), rng.choice([("", ""), ("", ""), (" --to staging", " to staging"), (f" --version {v.version()}", ""), (f" --{v.slug()} {v.slug()}", "")])
            words, line = rng.choice(w.COMMANDS[verb]), f"{tool} {verb} {noun}{flag}"
            asked = f"{words} {noun}" + rng.choice([more, ""])
            fact = Fact(line, [f"How (do I|can I|do we|to) {asked}?", f"(Which|What) command do I use to {asked}?", f"command to {asked}", f"{asked}"], f"{verb} {noun}", "command", fill={}, shared={})
            if state.add(fact):
                lines.append((line, fact))
        if len(lines) < 2:
            return []
        lead = rng.choice(["These commands are at hand:", "The commands in this order:", f"All of it is done with {tool}:", "Keep the last command ready:"])
        text = lead + rng.choice(["\n", "\n\n"]) + "```" + rng.choice(["", "sh", "bash"])
        for line, fact in lines:
            units.append((len(text) + 1, len(text) + 1 + len(line), fact))
            text += "\n" + line
        return [Block(text + "\n```", [(0, len(lead), None), *units])]

    def code_block(self, state):
        """Makes a fenced command below a sentence that introduces it. The answer is the command."""
        rng, v = self.rng, self.values
        if rng.random() < .6 * self.mentions:
            return self.commands_block(state)
        verb, entity = rng.choice(VERBS), rng.choice([v.obj(), v.service()])
        command = v.cmd().strip("`")
        questions = ["How (do I|can I|do we|to) " + verb["do"] + " {entity}?", "(Which|What) command " + verb["does"] + " {entity}?"]
        fact = Fact(command, questions, entity.text, "command", entity, fill={"entity": entity})
        fact.shared = {}
        if not state.add(fact):
            return []
        lead = rng.choice([f"To {verb['do']} {entity.text}, run:", f"{verb['do'].capitalize()} {entity.text} with this command:", f"Use this to {verb['do']} {entity.text}:"])
        fence = "```" + rng.choice(["", "sh", "bash"]) + "\n"
        text = lead + "\n" + fence + command + "\n```"
        start = len(lead) + 1 + len(fence)
        return [Block(text, [(0, len(lead), None), (start, start + len(command), fact)])]

    def faq_block(self, state):
        """Makes an entry of a list of questions. Its first line reads as a line of the prompt, so the library escapes it."""
        fact = self.facts.make(self.rng.choice(FORMS))
        if not state.add(fact):
            return []
        lead = self.rng.choice(["Question: ", "Question: ", f"[{self.rng.randint(1, 9)}] "]) + self.facts.capital(self.facts.expand(self.rng.choice(fact.questions), fact.fill, fact.shared, in_question=False))
        return [Block(lead + "\n" + fact.sentence, [(0, len(lead), None), (len(lead) + 1, len(lead) + 1 + len(fact.sentence), fact)])]

    def blocks(self, state):
        rng, k = self.rng, self.rng.random()
        if k < .28:
            return self.entity_blocks(state, rng.choice(ENTITY_SUBJECTS))
        if k < .58:
            return self.prose_block(state, rng.choice([1, 1, 2, 2, 3, 4]))
        if k < .79:
            return self.mixed_block(state, rng.choice([1, 1, 2, 2, 3]))
        if k < .87:
            return self.attribute_blocks(state)
        if k < .95:
            return self.table_block(state)
        if k < .965:
            return self.code_block(state)
        if k < .98:
            return self.faq_block(state)
        return [self.paragraph([self.filler() for _ in range(rng.choice([1, 2]))])]

    def document(self, state, size):
        """Makes a file of about `size` blocks with facts, and returns its chunks."""
        rng, blocks = self.rng, []
        if rng.random() < .75:
            blocks.append(self.heading(level=1))
        for i in range(size):
            made = self.blocks(state)
            if made and not made[0].level and rng.random() < (.2 if i == 0 else .45):
                made.insert(0, self.topic_heading(made[0]) if rng.random() < .6 else self.heading())
            blocks += made
        return self.chunks(self.path(), blocks)

    def twins(self, state):
        """Makes two or three files that say the same about things of one kind, with other values. Only title and path say which file is
        about which thing. Returns the chunks of each file."""
        rng, subject = self.rng, self.rng.choice(ENTITY_SUBJECTS)
        forms = rng.sample(FORMS_OF[subject], min(len(FORMS_OF[subject]), rng.choice([1, 2, 2, 3])))
        labels = [self.attribute(None) for _ in range(rng.choice([0, 0, 1, 2]))]
        folder, entity = rng.choice(["", rng.choice(w.PATH_WORDS) + "/"]), self.values.entity(subject)
        entities = [entity] + [self.values.sibling(subject, entity) for _ in range(rng.choice([1, 1, 2]))]
        headings = [rng.random() < .5 for _ in forms + labels]
        shared, files = {}, []
        for entity in entities:
            blocks, made = [self.headed(self.title(entity.text), 1)], []
            for form in forms:
                fact = self.facts.make(form, entity)
                fact.sentence = self.pronoun(fact) if rng.random() < .7 else fact.sentence
                made.append(fact)
            for label in labels:
                fact = self.attribute_fact(entity, label[0], "")
                fact.sentence = f"The {label[0]} is {self.attribute(None, name=label[:2])[2]}."
                made.append(fact)
            for i, fact in enumerate(made):
                if state.add(fact):
                    if headings[i]:
                        blocks.append(self.headed(shared.setdefault(i, rng.choice([fact.topic.replace("_", " ").capitalize(), rng.choice(w.HEADINGS)])), 2))
                    blocks.append(self.paragraph([(fact.sentence, fact)] + ([self.filler()] if rng.random() < .15 else [])))
            stem = re.sub("[^a-z0-9]+", "-", self.title(entity.text).lower()).strip("-") or self.values.slug()
            files.append(self.chunks(folder + (stem if rng.random() < .8 else self.values.slug()) + ".md", blocks))
        return [chunks for chunks in files if chunks]

    def chunks(self, path, blocks, limit=430):
        """Cuts blocks into chunks as the library does. No chunk goes over a heading, except over headings that follow each other directly
        with rising levels. A chunk has up to `limit` characters (about 128 tokens). If its last block is short, the next one repeats it."""
        blocks = blocks[:]
        while blocks and not blocks[-1].units:
            blocks.pop()
        chunks, trail, section = [], [], []
        for block in blocks:
            if block.level:
                if any(not b.level for b in section) or section and section[-1].level >= block.level:
                    self.pack(chunks, path, trail, section, limit)
                    section = []
                trail = [heading for heading in trail if heading.level < block.level] + [block]
            section.append(block)
        self.pack(chunks, path, trail, section, limit)
        return chunks

    def pack(self, chunks, path, trail, section, limit):
        names = " > ".join(re.sub(r"\s+", " ", heading.text.strip("# ").replace("`", "").replace("**", "")).replace(" > ", " › ") for heading in trail)
        headings = next((i for i, block in enumerate(section) if not block.level), len(section))
        start = 0
        while start < len(section):
            end, length = start + 1, len(section[start].text)
            while end < len(section) and (length + len(section[end].text) <= limit or end <= headings):
                length += len(section[end].text) + 2
                end += 1
            text, units = "", []
            for block in section[start:end]:
                text += "\n\n" if text else ""
                units += [(len(text) + a, len(text) + b, fact) for a, b, fact in (block.units or [(0, len(block.text), None)])]
                text += block.text
            chunks.append(Passage(path, len(chunks), text, units, names))
            repeats = end < len(section) and end - 1 > max(start, headings) and len(section[end - 1].text) <= limit / 4
            start = end - 1 if repeats else end


class State:
    """Tracks what the passages of one example state, so that each question has only one answer."""

    def __init__(self):
        self.keys = set()
        self.names = {}
        self.mentioned = []     # facts whose words are in a passage that does not state them

    def conflicts(self, fact):
        key = (fact.subject.lower(), fact.topic)
        if any(subject == key[0] and (topic == key[1] or topic in key[1] or key[1] in topic) for subject, topic in self.keys):
            return True
        if not fact.entity:
            return False
        # "the gateway" next to "the billing gateway" would make a question about the first ambiguous.
        mine = {a.lower().replace("the ", "").replace("our ", "").strip("`") for a in fact.entity.aliases}
        for other, names in self.names.items():
            if other != key[0] and any(re.search(rf"\b{re.escape(a)}\b", b) or re.search(rf"\b{re.escape(b)}\b", a) for a in mine for b in names):
                return True
        return False

    def add(self, fact):
        if self.conflicts(fact):
            return False
        self.keys.add((fact.subject.lower(), fact.topic))
        if fact.entity:
            self.names[fact.subject.lower()] = {a.lower().replace("the ", "").replace("our ", "").strip("`") for a in fact.entity.aliases}
        return True
