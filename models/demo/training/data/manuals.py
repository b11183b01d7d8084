"""Real prose for training: paragraphs from manuals in Debian packages, and the examples of WordNet.

    apt-get install apache2-doc postgresql-doc-15 python3.11-doc sqlite3-doc python-django-doc tomcat10-docs wordnet-base

None of this text is stored in this folder. The model uses it only as an exercise in reading and copying. The licenses are, in
this order: Apache License 2.0, PostgreSQL License, PSF License, public domain, BSD, Apache License 2.0 and WordNet License.
"""
import functools
import html
import re
from dataclasses import dataclass
from pathlib import Path

PAGES = ["/usr/share/doc/apache2-doc/manual/en/**/*.html", "/usr/share/doc/postgresql-doc-15/html/*.html", "/usr/share/doc/python3.11/html/**/*.html", "/usr/share/doc/sqlite3/**/*.html",
         "/usr/share/doc/python-django-doc/html/**/*.html", "/usr/share/doc/tomcat10-docs/docs/**/*.html"]
WORDNET = Path("/usr/share/wordnet")
PIECE = re.compile(r"<(p|h[1-4])\b[^>]*>(.*?)</\1>", re.S | re.I)
HEADING = re.compile(r"(?:[\w.]+\. |[\d.]+ )?([A-Z`][^<>#]{2,60})$")
SENTENCE_END = re.compile(r"(?<=[a-z0-9)`'\"]{2}[.?!]) (?=[A-Z`])")
FOREIGN = re.compile(r"[^ -~€°–—éü§]")


def plain(markup):
    """Returns the text of a piece of HTML on one line, with code in backticks."""
    text = re.sub(r"</?(code|tt)\b[^>]*>", "`", markup)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    text = text.replace("“", '"').replace("”", '"').replace("’", "'").replace("\xa0", " ").replace("¶", "")
    return re.sub(r"\s+", " ", text).strip()


def is_prose(sentence):
    words = sentence.split(" ")
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return (5 <= len(words) <= 34 and 25 <= len(sentence) <= 220 and sentence[-1] == "." and (sentence[0].isupper() or sentence[0] == "`")
            and letters > .85 * len(sentence) and not FOREIGN.search(sentence) and sentence.count("`") % 2 == 0 and sentence.count("(") == sentence.count(")"))


@dataclass
class Paragraph:
    headings: tuple         # the headings that it is under, as (level, text) pairs
    sentences: list


@functools.lru_cache
def paragraphs():
    """Returns paragraphs of one or more whole sentences, in the order of their pages."""
    result = []
    for pattern in PAGES:
        for page in sorted(Path("/").glob(pattern[1:])):
            headings = ()
            for kind, markup in PIECE.findall(page.read_text(errors="ignore")):
                if kind.lower() == "p":
                    sentences = [s for s in SENTENCE_END.split(plain(markup)) if is_prose(s)]
                    if sentences:
                        result.append(Paragraph(headings, sentences))
                elif (heading := HEADING.match(plain(markup))) and not FOREIGN.search(heading[1]):
                    headings = tuple(h for h in headings if h[0] < int(kind[1])) + ((int(kind[1]), heading[1].strip()),)
    return result


@functools.lru_cache
def examples():
    """Returns short sentences of everyday English: the examples that WordNet quotes for its words."""
    result = []
    for name in ("noun", "verb", "adj", "adv"):
        path = WORDNET / f"data.{name}"
        if path.exists():
            for quoted in re.findall(r'"([^"]{20,140})"', path.read_text(errors="ignore")):
                sentence = quoted[0].upper() + quoted[1:].rstrip(".?! ") + "."
                if is_prose(sentence):
                    result.append(sentence)
    return result
