"""Converts published weights to a wider checkpoint that computes the same and can learn more.

    python3 grow.py ../redisinfer-demo.gguf work/model.pt --width 192 --hidden 512

New parts start with almost no effect:
- new channels are read and written only by small random weights;
- new hidden units write nothing yet;
- a new token begins as the mean of the tokens that it replaces.

The root mean square is now taken over more channels, and the new ones are almost zero. The weights of the norms compensate
for this.
"""
import argparse
import math
import struct

import numpy as np
import torch

from export import FLOAT32, STRING, UINT32, ARRAY, INT32, BOOL, ALIGNMENT, ARCHITECTURE
from model import Config, Model
from tokenizer import PUBLISHED, Tokenizer

NOISE = .3      # scale of new weights, as a share of their initial scale in a new model
NEW_CHANNEL = .02


def read_gguf(path):
    """Returns the metadata and the tensors by name. Reads f16 and f32 files, as `export.py` writes them."""
    data, offset = open(path, "rb").read(), 24

    def take(form):
        nonlocal offset
        value = struct.unpack_from("<" + form, data, offset)
        offset += struct.calcsize("<" + form)
        return value[0]

    def text():
        nonlocal offset
        length = take("Q")
        offset += length
        return data[offset - length:offset].decode()

    def value(kind):
        if kind == ARRAY:
            element, count = take("I"), take("Q")
            return [value(element) for _ in range(count)]
        return text() if kind == STRING else take({UINT32: "I", INT32: "i", FLOAT32: "f", BOOL: "?"}[kind])

    tensors, fields = struct.unpack_from("<QQ", data, 8)
    metadata = {}
    for _ in range(fields):
        key = text()
        metadata[key] = value(take("I"))
    infos = []
    for _ in range(tensors):
        name = text()
        shape = [take("Q") for _ in range(take("I"))]
        infos.append((name, shape[::-1], take("I"), take("Q")))
    start = -(-offset // ALIGNMENT) * ALIGNMENT
    return metadata, {name.removesuffix(".weight"): torch.from_numpy(np.frombuffer(data, np.float16 if kind else np.float32, math.prod(shape), start + where).reshape(shape).astype(np.float32))
                      for name, shape, kind, where in infos}


def grow(metadata, old, old_tokenizer, tokenizer, width, hidden):
    def key(name):
        return metadata[f"{ARCHITECTURE}.{name}"]

    config = Config(len(tokenizer.tokens), width, key("block_count"), key("attention.head_count"), key("attention.key_length"), hidden, key("rope.freq_base"), key("attention.layer_norm_rms_epsilon"))
    model = Model(config)
    scale = math.sqrt(old["output_norm"].shape[0] / width)
    with torch.no_grad():
        for name, new in model.named_parameters():
            kind, known = name.split(".")[-1], old[name]
            if kind == "token_embd":
                typical = known[:len(old_tokenizer.tokens)].norm(dim=1).mean()
                new.normal_(0, NEW_CHANNEL)
                new[:known.shape[0], :known.shape[1]] = known
                for i in range(known.shape[0], len(tokenizer.tokens)):
                    pieces = old_tokenizer._word(tokenizer.decode([i]))
                    mean = known[pieces].mean(0)
                    mean = mean + torch.randn_like(mean) * .4 * typical / math.sqrt(len(mean))
                    new[i, :known.shape[1]] = mean * typical / mean.norm()
            elif kind in ("attn_norm", "ffn_norm", "output_norm"):
                new.fill_(scale)
                new[:len(known)] = known * scale
            elif new.ndim == 1:
                new.copy_(known)
            else:
                new.mul_(NOISE)
                if kind == "ffn_down":
                    new[:, known.shape[1]:] = 0
                new[:known.shape[0], :known.shape[1]] = known
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gguf")
    parser.add_argument("out")
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--tokenizer", default=PUBLISHED)
    args = parser.parse_args()
    torch.manual_seed(0)
    metadata, tensors = read_gguf(args.gguf)
    old_tokenizer = Tokenizer(tokens=metadata["tokenizer.ggml.tokens"], merges=metadata["tokenizer.ggml.merges"])
    model = grow(metadata, tensors, old_tokenizer, Tokenizer(args.tokenizer), args.width, args.hidden)
    torch.save(dict(model=model.state_dict(), config=vars(model.config), phase="questions", difficulty=1.0, minutes=0.0, tokens=0), args.out)


if __name__ == "__main__":
    main()
