"""The network: llama.cpp's `qwen3` architecture, and the initial weights and hints with which it learns in an hour.

One training item is a context with K questions. Every question attends to the context and to itself only, as if it were
the only question. But the context is computed only once.
"""
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

MASKED = -1e4


@dataclass
class Config:
    vocabulary: int = 4096
    width: int = 192
    layers: int = 6
    heads: int = 4
    head_width: int = 64
    hidden: int = 512
    rope_base: float = 1e6
    epsilon: float = 1e-6
    context: int = 2048


@dataclass
class Hints:
    """The positions that heads should attend to, known because the data is synthetic. Used only in training, see `hint_losses`."""
    number: torch.Tensor        # [Tc]        for each context token: the number token of its passage, or -1
    begin: torch.Tensor         # [Tc]        for each context token: the first token of its sentence, list item or row, or -1
    match: torch.Tensor         # [K, Tq, Tc] context tokens right after the question's word; the first one if no passage has the word
    telling: torch.Tensor       # [K, Tq]     the question's deciding words: only the sentence with the answer has them, or no passage
    gather: torch.Tensor        # [K, Tq]     tokens that should gather what the words of the question found
    source: torch.Tensor        # [K, Tq]     the context token to copy next (0 for a refusal), or -1
    weight: torch.Tensor        # [K, Tq]     weight of `source`: higher for the first tokens, because they decide


@dataclass
class Tensors:
    """One item: a context and its questions. The questions are padded on the right to the same length."""
    context: torch.Tensor       # [Tc]
    questions: torch.Tensor     # [K, Tq]
    labels: torch.Tensor        # [K, Tq]     the token to predict, or -1
    hints: Hints                # None if there are no hints


class Normalize(torch.autograd.Function):
    """x / rms(x) over the last dimension, in four passes. Autograd takes ten."""

    @staticmethod
    def forward(ctx, x, epsilon):
        scale = (torch.linalg.vector_norm(x, dim=-1, keepdim=True).pow_(2).div_(x.shape[-1]).add_(epsilon)).rsqrt_()
        y = x * scale
        ctx.save_for_backward(y, scale)
        return y

    @staticmethod
    def backward(ctx, gradient):
        y, scale = ctx.saved_tensors
        along = (gradient * y).mean(-1, keepdim=True)
        return torch.addcmul(gradient, y, along, value=-1).mul_(scale), None


class Gate(torch.autograd.Function):
    """silu(gate) * up, where gate and up are the halves of x."""

    @staticmethod
    def forward(ctx, x):
        gate, up = x.chunk(2, -1)
        open_share = torch.sigmoid(gate)
        ctx.save_for_backward(x, open_share)
        return (gate * open_share).mul_(up)

    @staticmethod
    def backward(ctx, gradient):
        x, open_share = ctx.saved_tensors
        gate, up = x.chunk(2, -1)
        result = torch.empty_like(x)
        to_gate, to_up = result.chunk(2, -1)
        silu = gate * open_share
        torch.mul(gradient, silu, out=to_up)
        slope = torch.addcmul(silu, open_share, silu, value=-1).add_(open_share)     # s + silu * (1 - s)
        torch.mul(slope.mul_(gradient), up, out=to_gate)
        return result


def rotate(x, cos, sin):
    """Rotary position embedding over halves, as in GPT-NeoX and llama.cpp's qwen3."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def surprise(probability, mask, weight=None):
    """Mean -log of the attention to the right positions."""
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

    def joined(self, dtype):
        """Joins the matrices that have the same input and multiplies the weights of the norm into them: fewer and larger products."""
        attention = (torch.cat([self.attn_q, self.attn_k, self.attn_v]) * self.attn_norm).to(dtype)
        gates = (torch.cat([self.ffn_gate, self.ffn_up]) * self.ffn_norm).to(dtype)
        return attention, self.attn_output.to(dtype), gates, self.ffn_down.to(dtype)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.token_embd = nn.Parameter(torch.randn(config.vocabulary, config.width) * .1)
        self.blk = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.output_norm = nn.Parameter(torch.ones(config.width))

    def logits(self, hidden):
        """The embedding is tied: one matrix is used for input and output."""
        return F.linear(hidden, self.token_embd.to(hidden.dtype)).float()

    def forward(self, items, dtype=torch.float32):
        """items: Tensors. All tokens are in one row, item by item, the context before the questions. Only attention separates items.
        Returns the hidden states of all question tokens in that order [sum of K * Tq, width], and the hint losses by name."""
        c = self.config
        H, D = c.heads, c.head_width
        ids = torch.cat([torch.cat([item.context, item.questions.reshape(-1)]) for item in items])
        positions = torch.cat([torch.cat([torch.arange(len(item.context)), (len(item.context) + torch.arange(item.questions.shape[1])).repeat(len(item.questions))]) for item in items])
        asked = torch.cat([torch.arange(item.context.numel() + item.questions.numel()) >= item.context.numel() for item in items]).nonzero()[:, 0]
        angles = positions[:, None].float() * c.rope_base ** (-torch.arange(0, D, 2).float() / D)
        cos, sin = angles.cos()[:, None].to(dtype), angles.sin()[:, None].to(dtype)
        longest = max(max(len(item.context), item.questions.shape[1]) for item in items)
        causal = torch.triu(torch.full((longest, longest), MASKED), 1).to(dtype)

        losses = {}
        x = F.embedding(ids, self.token_embd).to(dtype)
        for layer, block in enumerate(self.blk):
            into_attention, out_of_attention, into_gates, out_of_gates = block.joined(dtype)
            qkv = F.linear(Normalize.apply(x, c.epsilon), into_attention).view(-1, 3, H, D)
            weights = torch.stack([block.attn_q_norm / math.sqrt(D), block.attn_k_norm])[:, None].to(dtype)
            qk = rotate(Normalize.apply(qkv[:, :2], c.epsilon) * weights, cos[:, None], sin[:, None])
            last = layer == c.layers - 1
            y, begin = [], 0
            for item in items:
                end = begin + item.context.numel() + item.questions.numel()
                of_item, context_attention, question_attention = attend(qk[begin:end, 0], qk[begin:end, 1], qkv[begin:end, 2], item, causal, only_questions=last)
                y += of_item
                begin = end
                if item.hints is not None:
                    hint_losses(losses, layer, item.hints, context_attention, question_attention)
            if last:    # no later layer reads the context
                x = x[asked]
            x = x + F.linear(torch.cat(y), out_of_attention)
            x = x + F.linear(Gate.apply(F.linear(Normalize.apply(x, c.epsilon), into_gates)), out_of_gates)
        hidden = Normalize.apply(x, c.epsilon) * self.output_norm.to(dtype)
        return hidden, {name: sum(values) / len(values) for name, values in losses.items()}


def attend(q, k, v, item, causal, only_questions):
    """Attention of one item. q, k and v are [Tc + K * Tq, H, D]. Every question attends to the context and to itself. Returns:
    - the outputs [.., H * D] of context and questions;
    - the attention of the context [H, Tc, Tc];
    - the attention of the questions [H, K, Tq, Tc + Tq]."""
    H, D = q.shape[1:]
    Tc, (K, Tq) = len(item.context), item.questions.shape

    def by_question(t):
        return t[Tc:].view(K, Tq, H, D).permute(2, 0, 1, 3).reshape(H * K, Tq, D)

    q_context, k_context, v_context = (t[:Tc].transpose(0, 1).contiguous() for t in (q, k, v))
    y, attention = [], None
    if not only_questions:
        attention = torch.softmax(torch.bmm(q_context, k_context.transpose(1, 2)).add_(causal[:Tc, :Tc]), -1)
        y.append(torch.bmm(attention, v_context).transpose(0, 1).reshape(Tc, H * D))
    to_context = torch.bmm(q[Tc:].transpose(0, 1).contiguous(), k_context.transpose(1, 2))
    to_itself = torch.bmm(by_question(q), by_question(k).transpose(1, 2)).add_(causal[:Tq, :Tq]).view(H, K * Tq, Tq)
    question_attention = torch.softmax(torch.cat([to_context, to_itself], -1), -1)
    of_context = torch.bmm(question_attention[..., :Tc], v_context)
    of_itself = torch.bmm(question_attention[..., Tc:].reshape(H * K, Tq, Tq), by_question(v)).view(H, K * Tq, D)
    y.append((of_context + of_itself).transpose(0, 1).reshape(K * Tq, H * D))
    return y, attention, question_attention.view(H, K, Tq, Tc + Tq)


def hint_losses(losses, layer, hints, attention_c, attention_q):
    """Teaches one head per hop which position to attend to. Without hints, a network this small hardly learns several hops of
    attention. With a hint for every hop, it learns each hop separately. `build_copying` builds layer 0 and half of layer 1."""
    Tc = hints.number.shape[0]

    def add(name, loss):
        losses.setdefault(name, []).append(loss)

    def towards(attention, target):
        return attention.gather(-1, target.clamp(min=0)[..., None])[..., 0]

    if layer == 1:      # a context token attends to the beginning of its sentence, so that a later match knows where copying begins
        add("begin", surprise(towards(attention_c[3], hints.begin), hints.begin >= 0))
    if layer == 2:      # a context token attends to the number of its passage, a word of the question to its matches
        add("number", surprise(towards(attention_c[2], hints.number), hints.number >= 0))
        found = (attention_q[0, ..., :Tc] * hints.match.to(attention_q.dtype)).sum(-1)
        add("match", surprise(found, hints.match.any(-1)))
    if layer == 3:      # the answer attends to the words of the question that decide
        gathered = (attention_q[0, ..., Tc:] * hints.telling[:, None].to(attention_q.dtype)).sum(-1)
        add("gather", surprise(gathered, hints.gather & hints.telling.any(-1, keepdim=True)))
    if layer in (4, 5):  # the answer attends to the token to copy next
        add(f"source{layer}", surprise(towards(attention_q[0], hints.source), hints.source >= 0, hints.weight))


@torch.no_grad()
def build_copying(model, bias=.6, previous_gain=.2, copy_gain=.3, sharpness=3.0, noise=.1, first_slow=12):
    """Builds initial weights that already copy. Training refines all of them.
    - Layer 0: each head attends to the token 1, 2, 3 or 4 positions back. It finds it by the phase of the fast rotary frequencies.
    - Layer 1: as many heads as fit into the width are induction heads (Elhage et al. 2021, Olsson et al. 2022). Each attends to
      the token after an earlier copy of the current token, and writes that token."""
    c = model.config
    width, D = c.width, c.head_width
    model.token_embd[:, 0] = bias       # a constant channel: position heads use it as query and key
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
    select[slow] = orthogonal(D, D)[:len(slow)]     # compare content in the channels that hardly rotate
    for head in range(width // D):
        second.attn_q[rows_of(head)] += select @ basis[:D]
        second.attn_k[rows_of(head)] += select @ previous[:, :D].t()
        second.attn_v[rows_of(head)] += basis[rows_of(head)]
        second.attn_output[:, rows_of(head)] += 3 * copy_gain * basis[rows_of(head)].t()
