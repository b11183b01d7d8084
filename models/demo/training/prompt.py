"""The library's prompt, piece by piece. Every piece is tokenized separately, because the library stores passages as tokens.

`prompts.py` writes prompts of examples to a file. A test of the library makes them again with its own code.
"""
import re

from generate import REFUSAL

SYSTEM = ("Answer the question using only the numbered context passages. Cite the passage you used like [1]. "
          f"If the context does not contain the answer, say \"{REFUSAL}\"")
BEGIN = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"
CONTEXT = "Context:\n\n"
TAIL = "<|im_end|>\n<|im_start|>assistant\n"
NEXT = "<|im_end|>\n<|im_start|>user\n"
BLANKS = r"[ \t]*"
FRAME_LINE = re.compile(rf"^(?={BLANKS}\[{BLANKS}\d[\d \t]*\]|{BLANKS}{BLANKS.join('question:')})", re.M | re.I)


def headings(trail, text):
    """Returns the lines of a trail that are put before a text. The text's own headings are not repeated."""
    if not trail:
        return ""
    names, own = trail.split(" > "), []
    for line in text.split("\n"):
        if len(own) == len(names):
            break
        if line.strip() and not re.fullmatch(r"([=\-~^])\1+", line.strip()):
            own.append(re.sub(r"\s+", " ", line.strip().strip("#=").strip()).replace("**", "").replace("`", "").replace(" > ", " › "))
    count = len(own)
    while count and names[-count:] != own[:count]:
        count -= 1
    lines = "".join(f"{'#' * min(i, 6)} {name}\n" for i, name in enumerate(names[:len(names) - count], 1))
    return lines and lines + "\n"


def escape(text):
    """Puts a backslash before lines that read as lines of the prompt. (The library also knows look-alikes in other scripts.)"""
    return FRAME_LINE.sub(lambda _: "\\", text)


def shown(passage):
    """Returns a passage as the prompt shows it, and its units with their positions there."""
    before = headings(passage.trail, passage.text)
    marks = [m.start() for m in FRAME_LINE.finditer(before + passage.text)]

    def place(position):
        position += len(before)
        return position + sum(mark < position for mark in marks)

    return escape(before + passage.text), [(place(a), place(b), a) for a, b, _ in passage.units]


def encode_context(tokenizer, passages, turns=()):
    """Encodes everything before the last question. turns: the earlier ones, oldest first. Returns token ids, and for each passage the
    positions at which its number line and its text begin and its text ends."""
    ids, places, opening = [], [], BEGIN
    for turn in [*turns, None]:
        last = turn.passages if turn else len(passages)
        ids += tokenizer.encode(opening + (CONTEXT if last > len(places) else ""), special=True)
        for passage in passages[len(places):last]:
            heading = tokenizer.encode(f"[{len(places) + 1}] {passage.path}\n")
            text = tokenizer.encode(shown(passage)[0] + "\n\n")
            places.append((len(ids), len(ids) + len(heading), len(ids) + len(heading) + len(text)))
            ids += heading + text
        if turn:
            ids += encode_question(tokenizer, turn.question) + tokenizer.encode(escape(turn.answer))
        opening = NEXT
    return ids, places


def encode_question(tokenizer, question):
    return tokenizer.encode(f"Question: {question}") + tokenizer.encode(TAIL, special=True)


def answer_text(answer, citation):
    return REFUSAL if answer is None else f"{answer} [{citation}]"
