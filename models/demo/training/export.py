"""Converts a checkpoint to a GGUF for stock llama.cpp (architecture `qwen3`, tied embeddings, ChatML without thinking).

    python3 export.py work/model.pt ../redisinfer-demo.gguf --type f16

The format is described at https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""
import argparse
import os
import struct

import numpy as np
import torch

from tokenizer import PUBLISHED, SPECIAL, Tokenizer

ARCHITECTURE, ALIGNMENT = "qwen3", 32
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9            # gguf_metadata_value_type
TENSOR_TYPES = {"f32": 0, "f16": 1, "q8_0": 8}                            # ggml_type
FILE_TYPES = {"f32": 0, "f16": 1, "q8_0": 7}                              # llama_ftype
NORMAL_TOKEN, CONTROL_TOKEN, USER_DEFINED_TOKEN = 1, 3, 4                 # llama_token_type
CHAT_TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}{% endfor %}"
                 "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def scalar(kind, value):
    if kind == STRING:
        return string(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def field(key, kind, value, element=None):
    """Encodes one metadata entry. An array also has the kind of its elements."""
    body = string(key) + struct.pack("<I", kind)
    if kind == ARRAY:
        return body + struct.pack("<IQ", element, len(value)) + b"".join(scalar(element, v) for v in value)
    return body + scalar(kind, value)


def encode_tensor(array, kind):
    array = np.ascontiguousarray(array, dtype=np.float32)
    if kind == "f32":
        return array.tobytes()
    if kind == "f16":
        return array.astype(np.float16).tobytes()
    blocks = array.reshape(-1, 32)      # q8_0: 32 weights share a scale
    scale = np.abs(blocks).max(1) / 127
    packed = np.zeros(len(blocks), dtype=[("scale", "<f2"), ("weights", "i1", 32)])
    packed["scale"] = scale
    packed["weights"] = np.rint(blocks / np.maximum(scale, 1e-30)[:, None])
    return packed.tobytes()


def metadata(config, tokenizer, kind, name):
    def token_kind(token):
        return NORMAL_TOKEN if token not in SPECIAL else CONTROL_TOKEN if token in SPECIAL[:3] else USER_DEFINED_TOKEN

    shape = {"context_length": config["context"], "embedding_length": config["width"], "block_count": config["layers"], "feed_forward_length": config["hidden"],
             "attention.head_count": config["heads"], "attention.head_count_kv": config["heads"],
             "attention.key_length": config["head_width"], "attention.value_length": config["head_width"]}
    return [
        field("general.architecture", STRING, ARCHITECTURE), field("general.name", STRING, name), field("general.license", STRING, "mit"),
        field("general.file_type", UINT32, FILE_TYPES[kind]), field("general.quantization_version", UINT32, 2),
        *(field(f"{ARCHITECTURE}.{key}", UINT32, value) for key, value in shape.items()),
        field(f"{ARCHITECTURE}.attention.layer_norm_rms_epsilon", FLOAT32, config["epsilon"]), field(f"{ARCHITECTURE}.rope.freq_base", FLOAT32, config["rope_base"]),
        field("tokenizer.ggml.model", STRING, "gpt2"), field("tokenizer.ggml.pre", STRING, "qwen2"),
        field("tokenizer.ggml.tokens", ARRAY, tokenizer.tokens, STRING), field("tokenizer.ggml.token_type", ARRAY, [token_kind(t) for t in tokenizer.tokens], INT32),
        field("tokenizer.ggml.merges", ARRAY, tokenizer.merges, STRING),
        field("tokenizer.ggml.eos_token_id", UINT32, tokenizer.end), field("tokenizer.ggml.bos_token_id", UINT32, tokenizer.pad),
        field("tokenizer.ggml.padding_token_id", UINT32, tokenizer.pad), field("tokenizer.ggml.add_bos_token", BOOL, False),
        field("tokenizer.chat_template", STRING, CHAT_TEMPLATE)]


def export(checkpoint, out, kind="f16", tokenizer_path=PUBLISHED, name="redisinfer-demo"):
    saved = torch.load(checkpoint, map_location="cpu")
    fields = metadata(saved["config"], Tokenizer(tokenizer_path), kind, name)
    infos, data = b"", b""
    for key, weight in saved["model"].items():     # the model uses GGUF's tensor names
        stored = kind if weight.ndim == 2 else "f32"
        infos += string(key + ".weight") + struct.pack("<I", weight.ndim) + b"".join(struct.pack("<Q", n) for n in reversed(weight.shape))
        infos += struct.pack("<IQ", TENSOR_TYPES[stored], len(data))
        data += encode_tensor(weight.float().numpy(), stored)
        data += b"\0" * (-len(data) % ALIGNMENT)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(saved["model"]), len(fields)) + b"".join(fields) + infos
    with open(out + ".tmp", "wb") as file:
        file.write(head + b"\0" * (-len(head) % ALIGNMENT) + data)
    os.replace(out + ".tmp", out)     # rename, so that readers never see half a file


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("out")
    parser.add_argument("--type", choices=TENSOR_TYPES, default="f16")
    args = parser.parse_args()
    export(args.checkpoint, args.out, args.type)
    print(f"{args.out}: {os.path.getsize(args.out) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
