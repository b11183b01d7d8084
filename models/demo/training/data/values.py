"""Draws new names and values for every example. There is nothing to memorize, so the model must copy."""
import re
import string
from dataclasses import dataclass

from . import words as w

CONSONANTS = w.words("b c d f g h j k l m n p r s t v w z br dr gr kr tr st sk pl fl cl qu th sh ch ph sp")
VOWELS = w.words("a e i o u ai ea io ou a e i o y")
ENDINGS = ["", "", "", "n", "r", "l", "s", "x", "m", "nd", "th", "k", "t", "ck", "rt"]


IT, THEY, SHE, HE = ("It", "Its", "it"), ("They", "Their", "them"), ("She", "Her", "her"), ("He", "His", "him")


@dataclass
class Entity:
    """A thing that a question names: its name in sentences, and its possible names in questions."""
    text: str
    aliases: list
    pronouns: tuple = IT


class Values:
    """Draws the value of a slot. There is one method per slot. Digits after a slot's name distinguish equal slots."""

    def __init__(self, rng):
        self.rng = rng

    def one_of(self, options):
        return self.rng.choice(options)

    def chance(self, p):
        return self.rng.random() < p

    def draw(self, slot):
        return getattr(self, slot.rstrip("0123456789"))()

    # -- made-up words. Random syllables give names. Random letters train the rare word pieces.
    def syllables(self, count=None):
        count = count or self.one_of([2, 2, 3])
        return "".join(self.one_of(CONSONANTS) + self.one_of(VOWELS) + self.one_of(ENDINGS) for _ in range(count))[:10]

    def letters(self):
        return "".join(self.rng.choices(string.ascii_lowercase, k=self.rng.randint(3, 7)))

    def madeup(self):
        word = self.letters() if self.chance(.15) else self.syllables()
        if self.chance(.03):
            i = self.rng.randrange(len(word))
            word = word[:i] + self.one_of("äöüßéèêáíóåøæñçżšł") + word[i + 1:]
        return word

    def digits(self, count):
        return str(self.rng.randint(10 ** (count - 1), 10 ** count - 1))

    def name(self):
        k = self.rng.random()
        if k < .7:
            return self.madeup().capitalize()
        if k < .85:
            return self.madeup().capitalize() + " " + self.one_of([self.madeup().capitalize(), self.digits(1), self.digits(2)])
        return self.one_of(w.ADJECTIVES + w.NOUNS).capitalize() + self.one_of(["", " "]) + self.one_of(w.NOUNS).capitalize()

    def slug(self):
        return self.one_of([self.madeup(), self.one_of(w.MODIFIERS), self.one_of(w.NOUNS)])

    def common(self):
        """Returns a noun, sometimes a made-up one, because the model should also match words that it has never seen."""
        return self.madeup() if self.chance(.12) else self.one_of(w.NOUNS)

    @staticmethod
    def several(noun):
        if re.search("[^aeiou]y$", noun):
            return noun[:-1] + "ies"
        return noun + ("es" if re.search("(s|x|z|ch|sh)$", noun) else "s")

    # -- values
    def number(self):
        return self.one_of([str(self.rng.randint(2, 99)), str(self.rng.randint(2, 99)), self.digits(3), self.digits(4), f"{self.rng.randint(1, 90)},{self.digits(3)}"])

    def num(self):
        return self.one_of(w.SMALL) if self.chance(.2) else self.number()

    def small(self):
        return self.one_of(w.SMALL) if self.chance(.7) else str(self.rng.randint(2, 20))

    def size(self):
        return f"{self.rng.randint(1, 999)} {self.one_of(w.words('KB MB GB TB bytes KiB MiB GiB megabytes gigabytes'))}"

    def dur(self):
        if self.chance(.25):
            return f"{self.one_of(w.SMALL[:-1])} {self.one_of(w.words('minutes hours days weeks months years working-days business-days')).replace('-', ' ')}"
        return f"{self.rng.randint(2, self.one_of([12, 48, 100, 900]))} {self.one_of(w.TIME_UNITS)}"

    def time(self):
        hour, minute = self.rng.randint(0, 23), self.one_of([0, 15, 30, 45, self.rng.randint(0, 59)])
        return self.one_of([f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d}", f"{hour:02d}:{minute:02d} UTC", f"{hour % 12 + 1} {self.one_of(['am', 'pm'])}",
                            f"{hour % 12 + 1}:{minute:02d} {self.one_of(['am', 'pm'])}", f"{hour} o'clock", self.one_of(["noon", "midnight"])])

    def date(self):
        day, month, year = self.rng.randint(1, 28), self.rng.randint(1, 12), self.rng.randint(2012, 2032)
        return self.one_of([f"{day} {w.MONTHS[month - 1]} {year}", f"{year}-{month:02d}-{day:02d}", f"{w.MONTHS[month - 1]} {day}, {year}", f"{day} {w.MONTHS[month - 1]}"])

    def dayofyear(self):
        return f"{self.rng.randint(1, 31)} {self.month()}"

    def year(self):
        return str(self.rng.randint(1950, 2032))

    def port(self):
        return str(self.rng.randint(1024, 65535))

    def pct(self):
        return self.one_of([f"{self.rng.randint(1, 99)} percent", f"{self.rng.randint(1, 99)}%", f"{self.rng.randint(1, 99)} %"])

    def money(self):
        return self.one_of([f"{self.number()} {self.one_of(['euros', 'dollars', 'EUR', 'USD', 'pounds', 'euro', 'francs'])}", f"${self.number()}", f"€{self.number()}", f"{self.rng.randint(0, 99)}.{self.digits(2)} euros"])

    def temp(self):
        return f"{self.rng.randint(-40, 120)} {self.one_of(['degrees', '°C', 'degrees Celsius', 'C'])}"

    def weight(self):
        return f"{self.number()} {self.one_of(['kg', 'kilograms', 'tons', 'grams', 'pounds'])}"

    def speed(self):
        return f"{self.number()} {self.one_of(['km/h', 'rpm', 'metres per second', 'pages per minute', 'Mbit/s', 'Hz'])}"

    def version(self):
        return self.one_of(["", "", "v"]) + ".".join(str(self.rng.randint(0, 30)) for _ in range(self.one_of([1, 2, 2, 3])))

    def path(self):
        return self.quoted("/" + "/".join([self.one_of(w.words("var etc opt srv data home mnt usr log"))] + [self.slug() for _ in range(self.one_of([1, 1, 2]))]))

    def filename(self):
        stem = self.one_of([self.slug(), self.slug() + self.one_of("-_") + self.slug()])
        return stem + "." + self.one_of(w.words("yaml json toml md txt conf ini csv log sh py xml cfg sql cs"))

    def file(self):
        return self.quoted(self.one_of([self.filename(), self.filename(), "/etc/" + self.slug() + "/" + self.filename(), self.slug() + "/" + self.filename()]))

    def cmd(self):
        verb, noun = self.one_of(w.words("restart start stop status show list sync run check rotate deploy apply init reset get set push build rollback restore")), self.slug()
        tool = self.one_of(w.words("systemctl docker kubectl git make npm dotnet redis-cli terraform helm ansible curl service") + [self.madeup(), self.slug() + "ctl"])
        return self.quoted(self.one_of([f"{tool} {verb} {noun}", f"{tool} {verb} --{self.slug()}", f"{tool} {noun}", f"{verb}-{noun}.sh", f"./{noun}.sh {verb}", f"{tool} {verb} -{self.one_of('abfnrvx')} {noun}", f"make {noun}"]))

    def quoted(self, code):
        return f"`{code}`" if self.chance(.6) else code

    def host(self):
        return self.one_of([self.slug() + "." + self.one_of([self.slug(), "internal", "corp"]) + "." + self.one_of(w.words("com net org local example")), f"{self.slug()}-{self.digits(self.one_of([1, 2]))}"])

    def url(self):
        return self.one_of([f"https://{self.host()}/{self.slug()}", f"https://{self.host()}", "/" + self.one_of(["v1", "v2", "api"]) + "/" + self.slug(), self.host()])

    def ip(self):
        return ".".join(str(self.rng.randint(0, 255)) for _ in range(4)) + self.one_of(["", "", f"/{self.rng.randint(8, 30)}"])

    def region(self):
        return self.one_of([self.one_of(w.words("eu us ap sa af")) + "-" + self.one_of(w.words("north south east west central")) + "-" + self.digits(1), self.city(), "the data centre in " + self.city(), "rack " + self.code()])

    def code(self):
        k = self.rng.random()
        if k < .4:
            return "".join(self.rng.choices(string.ascii_uppercase, k=self.rng.randint(1, 3))) + "-" + self.digits(self.rng.randint(2, 4))
        if k < .55:
            return "".join(self.rng.choices("0123456789abcdef", k=self.one_of([4, 6, 8])))
        if k < .8:
            return self.one_of(string.ascii_uppercase) + self.digits(self.rng.randint(2, 4))
        return self.syllables(2).upper() + self.one_of("_-") + self.digits(2)

    def channel(self):
        return "#" + self.slug() + "-" + self.one_of(w.words("alerts oncall help ops chat team support news"))

    def email(self):
        return self.slug() + "@" + self.slug() + "." + self.one_of(w.words("com org net example"))

    def phone(self):
        return self.one_of([self.digits(4), self.digits(3), f"+{self.digits(2)} {self.digits(3)} {self.digits(4)}", f"extension {self.digits(4)}", f"0{self.digits(3)} {self.digits(5)}"])

    def amount(self):
        return self.one_of([self.size(), self.weight(), self.speed(), self.temp(), self.pct(), self.dur(), f"{self.number()} {self.one_of(w.MEASURE_UNITS)}", f"{self.rng.randint(0, 30)}.{self.digits(1)} {self.one_of(w.MEASURE_UNITS)}"])

    def measure(self): return self.one_of(w.MEASURES)
    def dimension(self): return self.one_of(w.words("high long wide heavy large deep big old thick fast"))
    def color(self): return self.one_of(w.COLORS)
    def language(self): return self.one_of(w.LANGUAGES) if self.chance(.9) else self.name()
    def format(self): return self.one_of(w.FORMATS)
    def unit(self): return self.one_of(w.UNITS)
    def unit2(self): return self.one_of(w.words("week month quarter year day") + ["two weeks", "six months", "three years", "second week"])
    def weekday(self): return self.one_of(w.WEEKDAYS)
    def month(self): return self.one_of(w.MONTHS)
    def ordinal(self): return self.one_of(w.ORDINALS)
    def word(self): return self.one_of([self.one_of(w.MODES), self.one_of(w.MODES), self.slug(), f"`{self.one_of(w.MODES)}`"])
    def plain(self): return self.one_of([self.number(), self.dur(), self.word(), self.size(), self.pct()])
    def branch(self): return self.quoted(self.one_of(["main", "master", "develop", "release/" + self.version(), self.slug()]))
    def product(self): return self.one_of(w.PRODUCTS) if self.chance(.5) else self.name()
    def tool(self): return self.one_of(w.TOOLS)
    def city(self): return self.one_of(w.CITIES) if self.chance(.8) else self.name()
    def role(self): return self.one_of(w.ROLES)
    def people(self): return self.one_of(w.PEOPLE)
    def travelclass(self): return self.one_of(w.TRAVEL_CLASSES)
    def training(self): return self.one_of(w.TRAININGS)
    def pp(self): return self.one_of(w.PREPOSITIONALS)
    def adj(self): return self.one_of(w.ADJECTIVES)
    def thing(self): return self.one_of(w.THINGS)
    def envvar(self): return (self.slug() + "_" + self.slug()).upper()

    def who(self):
        return self.one_of([self.one_of(w.ROLES), self.one_of(w.ROLES), self.team_text(), self.person().text, self.person().text])

    def team_text(self):
        return self.one_of([f"the {self.one_of(w.MODIFIERS)} team", f"the {self.name()} team", f"the {self.one_of(w.MODIFIERS)} department", f"Team {self.name()}"])

    def place(self):
        room = self.one_of(w.PLACE_ROOMS).replace("-", " ")
        return self.one_of([f"the {room}", f"the {room}", f"the {self.adj()} {room}", f"room {self.code()}", f"room {self.digits(3)}", f"building {self.one_of(string.ascii_uppercase)}", f"the {self.ordinal()} floor",
                            f"cabinet {self.digits(self.rng.randint(1, 2))}", f"the {self.adj()} {self.one_of(w.NOUNS)}", f"the {self.city()} office"])

    # -- entities: the things that questions are about
    def entity(self, slot):
        value = self.draw(slot)
        return value if isinstance(value, Entity) else Entity(value, [value])

    def sibling(self, slot, entity):
        """Returns another entity of the same kind, often with a word in common: the billing gateway, the search gateway."""
        for _ in range(5):
            other = self.entity(slot)
            one, two = entity.text.split(" "), other.text.split(" ")
            if len(one) == len(two) and len(one) > 1 and self.chance(.6):
                i = self.rng.randrange(1 if one[0] == "the" else 0, len(one))
                if one[i].isalpha() and two[i].isalpha() and one[i] != two[i] and len(one) > (2 if one[0] == "the" else 1):
                    text = " ".join(one[:i] + [two[i]] + one[i + 1:])
                    return Entity(text, [text, text, text.replace("the ", "our ", 1) if text.startswith("the ") else text], entity.pronouns)
            if other.text != entity.text:
                return other
        return other

    def service(self):
        kind = self.one_of(w.SERVICE_KINDS)
        k = self.rng.random()
        if k < .3:
            name = self.name()
            return Entity(f"the {name} {kind}", [f"the {name} {kind}", f"the {name} {kind}", name, f"{name}"])
        if k < .55:
            name = f"{self.one_of(w.MODIFIERS)} {kind}"
            return Entity(f"the {name}", [f"the {name}", f"the {name}", f"our {name}"])
        if k < .7:
            name = self.name()
            return Entity(name, [name])
        if k < .85:
            name = self.one_of([self.madeup(), self.one_of(w.MODIFIERS)]) + "-" + self.one_of([kind, self.madeup(), "db", self.slug()])
            return self.one_of([Entity(name, [name]), Entity(f"the {name} {kind}", [f"the {name} {kind}", name]), Entity(f"`{name}`", [name, f"`{name}`"])])
        return Entity(f"the {kind}", [f"the {kind}", f"our {kind}"])

    def setting(self):
        parts = [self.slug() for _ in range(self.one_of([1, 2, 2]))] + [self.one_of(list(w.ATTRIBUTES))]
        name = self.one_of(["_".join(parts), "-".join(parts), ".".join(parts), "_".join(parts).upper(), "".join(p.capitalize() for p in parts), "--" + "-".join(parts)])
        code = self.chance(.6)
        return Entity(f"`{name}`" if code else name, [name, name, f"`{name}`"])

    def error(self):
        code = self.code() if self.chance(.7) else self.digits(3)
        return Entity(code, [code])

    def level(self):
        text = f"{self.one_of(w.words('Severity Priority Level Class Stage'))} {self.one_of(['1', '2', '3', '4', '5', 'A', 'B', 'C'])}"
        return Entity(text, [text, text.lower()])

    def flag(self):
        text = f"{self.one_of(w.COLORS)} {self.one_of(w.words('ticket flag lamp label light card sign sticker'))}"
        return Entity(f"a {text}", [f"a {text}", f"a {text}", f"the {text}"])

    def obj(self):
        if self.chance(.35):
            noun = self.one_of([f"{self.adj()} {self.common()}", f"{self.one_of(w.MODIFIERS)} {self.common()}", self.common()])
        else:
            noun = self.one_of(w.OBJECTS)
        return Entity(f"the {noun}", [f"the {noun}", f"the {noun}", f"the {noun}", f"our {noun}", f"a {noun}", noun])

    def items(self):
        text = self.one_of(w.PLURALS) if self.chance(.8) else f"{self.adj()} {self.several(self.common())}"
        if self.chance(.25):
            text += self.one_of([f" of the {self.one_of(w.MODIFIERS)} {self.one_of(w.SERVICE_KINDS)}", f" of {self.name()}", f" for {self.one_of(w.PEOPLE)}"])
        return Entity(text, [text, text, text, text, "the " + text, "our " + text], pronouns=THEY)

    def duty(self):
        text, pronouns = self.one_of(w.DUTIES), self.one_of([SHE, HE, THEY])
        if self.chance(.45):
            text += self.one_of([f" for {self.service().text}", f" of {self.team_text()}", f" for {self.weekday()}", f" in {self.city()}"])
        return Entity(text, [text], pronouns)

    def team(self):
        text = self.team_text()
        return Entity(text, [text], self.one_of([IT, THEY]))

    def person(self):
        first = self.one_of(w.FIRST_NAMES) if self.chance(.6) else self.madeup().capitalize()
        last = self.one_of(w.LAST_NAMES) if self.chance(.5) else self.madeup().capitalize()
        return Entity(f"{first} {last}", [f"{first} {last}", f"{first} {last}", first], self.one_of([SHE, HE]))

    def event(self):
        text = self.one_of(w.EVENTS)
        return Entity(text, [text, text, re.sub("^the ", "our ", text)])

    def benefit(self):
        text = self.one_of(w.BENEFITS)
        return Entity(text, [text])

    def allowance(self):
        text = self.one_of(w.ALLOWANCES)
        return Entity(text, [text])

    def keys(self):
        text = self.one_of(w.KEYS)
        return Entity(text, [text], pronouns=THEY)

    def room(self):
        kind = self.one_of(w.ROOM_KINDS)
        name = self.one_of([self.name(), self.code(), self.city()])
        return self.one_of([Entity(f"the {name} {kind}", [f"the {name} {kind}", name]), Entity(f"{kind} {name}", [f"{kind} {name}", name])])

    def device(self):
        kind = self.one_of(w.DEVICE_KINDS)
        k = self.rng.random()
        if k < .4:
            return self._device(f"{self.adj()} {kind}")
        if k < .7:
            return self._device(f"{self.name()} {kind}")
        text = f"{kind} {self.code()}"
        return Entity(text, [text])

    def _device(self, text):
        return Entity(f"the {text}", [f"the {text}", f"the {text}", f"our {text}"])

    def noun(self):
        text = self.common()
        return Entity(text, [text])

    def acronym(self):
        text = "".join(self.rng.choices(string.ascii_uppercase, k=self.rng.randint(2, 4)))
        return Entity(text, [text])
