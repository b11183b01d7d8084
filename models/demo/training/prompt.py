"""The library's prompt, piece by piece. Every piece is tokenized separately, because the library stores passages as tokens."""
from generate import REFUSAL

SYSTEM = ("Answer the question using only the numbered context passages. Cite the passage you used like [1]. "
          f"If the context does not contain the answer, say \"{REFUSAL}\"")
HEAD = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\nContext:\n\n"
TAIL = "<|im_end|>\n<|im_start|>assistant\n"


def passage_header(number, path):
    return f"[{number}] {path}\n"


def encode_context(tokenizer, passages):
    """passages: (path, text) pairs. Returns token ids, and the position at which the text of each passage begins."""
    ids, starts = tokenizer.encode(HEAD, special=True), []
    for number, (path, text) in enumerate(passages, 1):
        ids = ids + tokenizer.encode(passage_header(number, path))
        starts.append(len(ids))
        ids = ids + tokenizer.encode(text.rstrip() + "\n\n")
    return ids, starts


def encode_question(tokenizer, question):
    return tokenizer.encode(f"Question: {question}") + tokenizer.encode(TAIL, special=True)


def answer_text(answer, citation):
    return REFUSAL if answer is None else f"{answer} [{citation}]"
