"""The network: llama.cpp's `qwen3` architecture, and the start and the hints that make it learn in an hour.

One training item is a context with K questions. Every question sees the context and itself only, exactly as if it had
been asked alone, but the context is computed once.
"""
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

MASKED = -1e4


@dataclass
class Config:
    vocabulary: int = 2048
    width: int = 128
    layers: int = 6
    heads: int = 4
    head_width: int = 64
    hidden: int = 384
    rope_base: float = 1e6
    epsilon: float = 1e-6
    context: int = 2048


@dataclass
class Hints:
    """Where heads should look, known because the data is synthetic. Used in training only, see `hint_losses`."""
    number: torch.Tensor        # [B, Tc]     number token of the passage a context token is in, or -1
    match: torch.Tensor         # [B,K,Tq,Tc] context tokens right after the question's word inside the answering sentence
    gather: torch.Tensor        # [B, K, Tq]  tokens that should gather what the question's words found
    source: torch.Tensor        # [B, K, Tq]  the context token to copy next (0 for a refusal), or -1
    weight: torch.Tensor        # [B, K, Tq]  weight of `source`: the first tokens decide, the rest follows


def rms_norm(x, weight, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon) * weight


def rotate(x, cos, sin):
    """Rotary position embedding over halves, as in GPT-NeoX and llama.cpp's qwen3."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def surprise(probability, mask, weight=None):
    """Mean -log of the attention paid to the right places."""
    loss = -(probability[mask].float() + 1e-3).log()
    if weight is None:
        return loss.mean() if loss.numel() else loss.sum()
    weight = weight[mask]
    return (loss * weight).sum() / weight.sum().clamp(min=1)


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        inner = c.heads * c.head_width

        def matrix(rows, columns, gain=1.0):
            return nn.Parameter(torch.randn(rows, columns) * gain / math.sqrt(columns))

        self.attn_norm = nn.Parameter(torch.ones(c.width))
        self.attn_q, self.attn_k, self.attn_v = matrix(inner, c.width), matrix(inner, c.width), matrix(inner, c.width)
        self.attn_q_norm = nn.Parameter(torch.full((c.head_width,), 1.3))
        self.attn_k_norm = nn.Parameter(torch.full((c.head_width,), 1.3))
        self.attn_output = matrix(c.width, inner, .15)
        self.ffn_norm = nn.Parameter(torch.ones(c.width))
        self.ffn_gate, self.ffn_up, self.ffn_down = matrix(c.hidden, c.width), matrix(c.hidden, c.width), matrix(c.width, c.hidden, .15)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.token_embd = nn.Parameter(torch.randn(config.vocabulary, config.width) * .1)
        self.blk = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.output_norm = nn.Parameter(torch.ones(config.width))

    def logits(self, hidden):
        """The embedding is tied: it reads and writes tokens."""
        return F.linear(hidden, self.token_embd.to(hidden.dtype)).float()

    def forward(self, context, lengths, questions, dtype=torch.float32, hints=None):
        """context [B, Tc] and questions [B, K, Tq], padded on the right; lengths [B] of the contexts.
        Returns the hidden state of every question token [B, K, Tq, width] and the hints' losses by name."""
        c = self.config
        (B, Tc), (K, Tq) = context.shape, questions.shape[1:]
        H, D, n_context = c.heads, c.head_width, B * Tc
        ids = torch.cat([context.reshape(-1), questions.reshape(-1)])
        positions = torch.cat([torch.arange(Tc).expand(B, Tc).reshape(-1),
                               (lengths[:, None, None] + torch.arange(Tq)).expand(B, K, Tq).reshape(-1)])
        angles = positions[:, None].float() * c.rope_base ** (-torch.arange(0, D, 2).float() / D)
        cos, sin = angles.cos()[:, None].to(dtype), angles.sin()[:, None].to(dtype)
        causal_context = torch.triu(torch.full((Tc, Tc), MASKED), 1).to(dtype)
        causal_question = torch.triu(torch.full((Tq, Tq), MASKED), 1).to(dtype)
        padding = torch.zeros(B, 1, 1, Tc).masked_fill_(torch.arange(Tc) >= lengths[:, None, None, None], MASKED).to(dtype)

        losses = {}
        x = F.embedding(ids, self.token_embd).to(dtype)
        for layer, block in enumerate(self.blk):
            p = {name: value.to(dtype) for name, value in block.named_parameters()}
            h = rms_norm(x, p["attn_norm"], c.epsilon)
            q = rotate(rms_norm(F.linear(h, p["attn_q"]).view(-1, H, D), p["attn_q_norm"] / math.sqrt(D), c.epsilon), cos, sin)
            k = rotate(rms_norm(F.linear(h, p["attn_k"]).view(-1, H, D), p["attn_k_norm"], c.epsilon), cos, sin)
            v = F.linear(h, p["attn_v"]).view(-1, H, D)

            qc, kc, vc = (t[:n_context].view(B, Tc, H, D).transpose(1, 2).reshape(B * H, Tc, D) for t in (q, k, v))
            attention_c = torch.softmax(torch.bmm(qc, kc.transpose(1, 2)).add_(causal_context), -1)
            y_context = torch.bmm(attention_c, vc).view(B, H, Tc, D).transpose(1, 2).reshape(n_context, H * D)

            qq, kq, vq = (t[n_context:].view(B, K, Tq, H, D).permute(0, 3, 1, 2, 4) for t in (q, k, v))
            to_context = torch.bmm(qq.reshape(B * H, K * Tq, D), kc.transpose(1, 2)).view(B, H, K * Tq, Tc).add_(padding)
            own = (-1, Tq, D)
            to_question = torch.bmm(qq.reshape(own), kq.reshape(own).transpose(1, 2)).add_(causal_question)
            attention_q = torch.softmax(torch.cat([to_context.view(B * H, K * Tq, Tc), to_question.view(B * H, K * Tq, Tq)], -1), -1)
            y = torch.bmm(attention_q[..., :Tc], vc).view(-1, Tq, D) + torch.bmm(attention_q[..., Tc:].reshape(-1, Tq, Tq), vq.reshape(own))
            y_question = y.view(B, H, K, Tq, D).permute(0, 2, 3, 1, 4).reshape(B * K * Tq, H * D)

            x = x + F.linear(torch.cat([y_context, y_question]), p["attn_output"])
            h = rms_norm(x, p["ffn_norm"], c.epsilon)
            x = x + F.linear(F.silu(F.linear(h, p["ffn_gate"])) * F.linear(h, p["ffn_up"]), p["ffn_down"])
            if hints is not None:
                hint_losses(losses, layer, hints, attention_c.view(B, H, Tc, Tc), attention_q.view(B, H, K, Tq, Tc + Tq))
        hidden = rms_norm(x[n_context:], self.output_norm.to(dtype), c.epsilon)
        return hidden.view(B, K, Tq, -1), losses


def hint_losses(losses, layer, hints, attention_c, attention_q):
    """Teaches one head per hop where to look. Left alone, a network this small hardly finds the way through several hops
    of attention; told every hop, it learns each on its own. Layers 0 and 1 are built by `build_copying`."""
    Tc = attention_c.shape[-1]

    def towards(attention, target):
        return attention.gather(-1, target.clamp(min=0)[..., None])[..., 0]

    if layer == 2:      # a context token looks at the number of its passage; a question's word at its match in the answering sentence
        losses["number"] = surprise(towards(attention_c[:, 2], hints.number), hints.number >= 0)
        found = (attention_q[:, 0, ..., :Tc] * hints.match.to(attention_q.dtype)).sum(-1)
        losses["match"] = surprise(found, hints.match.any(-1))
    if layer == 3:      # the answer looks at the question's words that have a match
        matched = hints.match.any(-1)
        gathered = (attention_q[:, 0, ..., Tc:] * matched[:, :, None].to(attention_q.dtype)).sum(-1)
        losses["gather"] = surprise(gathered, hints.gather & matched.any(-1, keepdim=True))
    if layer in (4, 5):  # ... and at the very token to copy next
        losses[f"source{layer}"] = surprise(towards(attention_q[:, 0], hints.source), hints.source >= 0, hints.weight)


@torch.no_grad()
def build_copying(model, bias=.6, previous_gain=.2, copy_gain=.3, sharpness=3.0, noise=.1, first_slow=12):
    """A hand-built start that already copies. Layer 0: each head attends to the token 1, 2, 3 or 4 places back, found by the
    phase of the fast rotary frequencies. Layer 1: as many heads as the width takes attend to the token after an earlier copy of the present one
    (an induction head: Elhage et al. 2021, Olsson et al. 2022) and write that token. Training refines all of it."""
    c = model.config
    width, D = c.width, c.head_width
    model.token_embd[:, 0] = bias       # one constant channel, which position heads use as query and key
    frequencies = c.rope_base ** (-torch.arange(0, D, 2).double() / D)
    fast = torch.zeros(D // 2).double()
    fast[:12] = torch.linspace(1, .5, 12).double()

    def orthogonal(rows, columns):
        n = max(rows, columns)
        return torch.linalg.qr(torch.randn(n, n))[0][:rows, :columns]

    def rows_of(head):
        return slice(head * D, (head + 1) * D)

    basis, previous = orthogonal(width, width), orthogonal(width, width)
    first, second = model.blk[0], model.blk[1]
    for block in (first, second):
        block.attn_q_norm.fill_(sharpness)
        block.attn_k_norm.fill_(sharpness)
        for matrix in (block.attn_q, block.attn_k, block.attn_v, block.attn_output):
            matrix.mul_(noise)
    for head in range(c.heads):
        shift = (head + 1) * frequencies
        first.attn_q[rows_of(head), 0] += 4 * torch.cat([fast * torch.cos(shift), -fast * torch.sin(shift)]).float()
        first.attn_k[rows_of(head), 0] = 4 * torch.cat([fast, torch.zeros_like(fast)]).float()
        first.attn_v[rows_of(head)] = basis[:D] if head == 0 else orthogonal(D, width)
        first.attn_v[rows_of(head), 0] = 0
        first.attn_output[:, rows_of(head)] += previous_gain * (previous[:, :D] if head == 0 else .3 * orthogonal(width, D))

    slow = torch.cat([torch.arange(first_slow, D // 2), torch.arange(first_slow, D // 2) + D // 2])
    select = torch.zeros(D, D)
    select[slow] = orthogonal(D, D)[:len(slow)]     # content is compared in the channels that hardly rotate
    for head in range(width // D):
        second.attn_q[rows_of(head)] += select @ basis[:D]
        second.attn_k[rows_of(head)] += select @ previous[:, :D].t()
        second.attn_v[rows_of(head)] += basis[rows_of(head)]
        second.attn_output[:, rows_of(head)] += 3 * copy_gain * basis[rows_of(head)].t()
