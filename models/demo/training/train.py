"""Trains the model on the generator's examples. The limit is `--minutes` of CPU time per worker, so other load on the machine
does not change the schedule. A run can be resumed at any point.

    python3 train.py --minutes 90 --workers 2 --out work/model.pt          start (phase 0: copying random tokens), then questions
    python3 train.py --minutes 30 --resume work/model.pt --out work/model.pt

Each worker is a process with one thread and its own examples. At intervals, it adds its progress to a common model and
continues from that model. No worker waits for another, so other load costs only its share of the time. Threads that
synchronize after every small product would be ten times slower on a busy machine.

Examples grow from one short passage to six full ones as the answers get better. Matrices are trained with Muon
(Jordan et al. 2024: momentum, orthogonalized), embeddings and norms with Adam.
"""
import argparse
import os
import signal
import time

import torch
import torch.multiprocessing as processes
import torch.nn.functional as F

from batches import Batches, to_tensors
from model import Config, Model, build_copying
from tokenizer import PUBLISHED, Tokenizer

HINT_WEIGHT = .3
DECISION_WEIGHT = 5     # weight of an answer's first token: it decides what to copy, or to refuse. The rest mostly follows
MATRIX_RATE, VECTOR_RATE, WEIGHT_DECAY, MOMENTUM = .006, .0015, .02, .95
WARM_UP_STEPS = 50
EXCHANGE_STEPS, EXCHANGE_SHARE = 10, .7     # how often a worker adds its progress to the common model, and which share of it
COPYING_DONE, READY_FOR_MORE = .60, .50


class Muon:
    """Steps along the orthogonal matrix nearest to the momentum, so that all directions of a matrix learn equally."""

    def __init__(self, matrices):
        self.matrices = matrices
        self.momentum = [torch.zeros_like(m) for m in matrices]

    @torch.no_grad()
    def step(self, rate):
        for matrix, momentum in zip(self.matrices, self.momentum):
            momentum.mul_(MOMENTUM).add_(matrix.grad)
            update = self.orthogonalize(matrix.grad + MOMENTUM * momentum)
            matrix.mul_(1 - rate * WEIGHT_DECAY).add_(update, alpha=-rate * max(1, matrix.shape[0] / matrix.shape[1]) ** .5)

    @staticmethod
    def orthogonalize(gradient):
        """Does five Newton-Schulz steps with the coefficients of the Muon paper."""
        x = gradient.bfloat16()
        tall = x.shape[0] > x.shape[1]
        x = x.t() if tall else x
        x = x / (x.norm() + 1e-7)
        for _ in range(5):
            a = x @ x.t()
            x = 3.4445 * x + (-4.775 * a + 2.0315 * (a @ a)) @ x
        return (x.t() if tall else x).float()


class Average:
    """A running mean that starts at the first value."""

    def __init__(self):
        self.value = None

    def add(self, x, keep=.95):
        self.value = x if self.value is None else keep * self.value + (1 - keep) * x
        return self.value


class Common:
    """The model that workers share: a copy of all parameters in shared memory."""

    def __init__(self, parameters):
        self.values = [p.detach().clone().share_memory_() for p in parameters]
        self.tokens = torch.zeros(1, dtype=torch.long).share_memory_()
        self.lock = processes.Lock()


class Training:
    def __init__(self, args, worker=0, common=None):
        self.args, self.worker, self.common = args, worker, common
        self.tokenizer = Tokenizer(args.tokenizer)
        saved = torch.load(args.resume) if args.resume else None
        config = Config(**saved["config"]) if saved else Config(vocabulary=len(self.tokenizer.tokens))
        self.model = Model(config)
        if saved:
            self.model.load_state_dict(saved["model"])
        else:
            build_copying(self.model)
        named = dict(self.model.named_parameters())
        matrices = [p for n, p in named.items() if p.ndim == 2 and n != "token_embd"]
        self.vectors = [p for n, p in named.items() if p.ndim == 1 or n == "token_embd"]
        self.muon = Muon(matrices)
        self.adam = torch.optim.Adam(self.vectors, lr=VECTOR_RATE, betas=(.9, .98))
        self.phase = saved["phase"] if saved else "copying"
        self.difficulty = saved["difficulty"] if saved else 0.0
        self.trained_minutes = saved["minutes"] if saved else 0.0
        self.trained_tokens = saved["tokens"] if saved else 0
        if args.difficulty is not None:
            self.difficulty = args.difficulty
        if saved and "momentum" in saved:
            self.muon.momentum = saved["momentum"]
            self.adam.load_state_dict(saved["adam"])
        self.stopping = False
        self.batches = Batches(self.tokenizer, (args.seed or time.time_ns()) + worker, args.tokens, args.refusals)
        self.parameters = list(self.model.parameters())
        self.pulled = [p.detach().clone() for p in self.parameters]

    def stop(self, *_):
        """On SIGTERM: finish the step, save and exit."""
        self.stopping = True

    def save(self, minutes):
        state = dict(model=self.model.state_dict(), config=self.model.config.__dict__, phase=self.phase, difficulty=self.difficulty, minutes=self.trained_minutes + minutes,
                     tokens=self.trained_tokens, momentum=self.muon.momentum, adam=self.adam.state_dict())
        torch.save(state, self.args.out + ".tmp")
        os.replace(self.args.out + ".tmp", self.args.out)

    @torch.no_grad()
    def exchange(self):
        """Adds this worker's progress since the last exchange to the common model, then loads the common model."""
        with self.common.lock:
            for own, pulled, common in zip(self.parameters, self.pulled, self.common.values):
                common.add_(own - pulled, alpha=EXCHANGE_SHARE)
                own.copy_(common)
                pulled.copy_(common)

    def rate(self, step, share):
        """Returns the learning rate: warm-up, plateau, linear decay over the last part of the run."""
        return self.args.peak * min(1, (step + 1) / WARM_UP_STEPS) * min(1, max(.02, (1 - share) / self.args.decay))

    def step(self, batch, rate):
        items = [to_tensors(item, self.tokenizer) for item in batch]
        hidden, hint_losses = self.model(items, torch.bfloat16)
        all_labels = torch.cat([item.labels.view(-1) for item in items])
        mask = all_labels >= 0
        logits, labels = self.model.logits(hidden[mask]), all_labels[mask]
        decisive = torch.cat([((item.labels >= 0).cumsum(-1) == 1).view(-1) for item in items])[mask]
        loss = F.cross_entropy(logits, labels, reduction="none")
        loss = (loss * torch.where(decisive, DECISION_WEIGHT, 1)).sum() / (len(labels) + (DECISION_WEIGHT - 1) * decisive.sum())
        (loss + HINT_WEIGHT * sum(hint_losses.values())).backward()
        torch.nn.utils.clip_grad_norm_(self.vectors, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = VECTOR_RATE * rate
        self.adam.step()
        self.muon.step(MATRIX_RATE * rate)
        self.model.zero_grad(set_to_none=True)
        wrong = torch.zeros(len(mask), dtype=torch.bool)
        wrong[mask] = logits.argmax(-1) != labels
        sizes = [item.labels.numel() for item in items]
        right = torch.cat([~w.view_as(item.labels).any(-1) for w, item in zip(wrong.split(sizes), items)])
        exact = right.float().mean().item()
        self.trained_tokens += sum(item.context.numel() + item.questions.numel() for item in items)
        return loss.item(), exact, {name: x.item() for name, x in hint_losses.items()}

    def run(self):
        start = last_save = time.process_time()
        loss, exact, hints, step, copy_length = Average(), Average(), {}, 0, 24
        tokens_before = self.trained_tokens
        signal.signal(signal.SIGTERM, self.stop)
        while (minutes := (time.process_time() - start) / 60) < self.args.minutes and not self.stopping:
            if self.phase == "copying":
                batch = self.batches.copying(copy_length)
            else:
                batch = self.batches.next(self.difficulty)
            x, ok, hint = self.step(batch, self.rate(step, minutes / self.args.minutes))
            copied = batch[0].is_copying
            step += 1
            if self.args.workers > 1 and step % EXCHANGE_STEPS == 0:
                self.exchange()
            if copied and self.phase != "copying":
                continue
            loss.add(x)
            exact.add(ok)
            for name, value in hint.items():
                hints.setdefault(name, Average()).add(value)
            if self.phase == "copying":
                if exact.value > .4 and copy_length < 64:
                    copy_length += 2
                    exact.value -= .05
                elif exact.value > COPYING_DONE:
                    self.phase, loss, exact = "questions", Average(), Average()
                    print("copying is learned", flush=True)
            elif exact.value > READY_FOR_MORE and self.difficulty < self.args.hardest:
                self.difficulty = min(self.args.hardest, self.difficulty + .03)
                exact.value -= .02
            if step % 25 == 0 and loss.value is not None:
                speed = (self.trained_tokens - tokens_before) / (time.process_time() - start)
                told = " ".join(f"{n} {a.value:.2f}" for n, a in hints.items())
                print(f"{minutes:5.1f} min, step {step}, loss {loss.value:.3f}, exact {exact.value:.3f}, difficulty {self.difficulty:.2f}, {told}, {speed:.0f} tokens/s", flush=True)
            if time.process_time() - last_save > 120 and self.worker == 0:
                self.save(minutes)
                last_save = time.process_time()
        if self.worker == 0:
            self.save(minutes)


def work(worker, args, common):
    torch.manual_seed(0)    # all workers start from the same model
    Training(args, worker, common).run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--peak", type=float, default=1, help="share of the full learning rate; less to finish a run that was stopped")
    parser.add_argument("--decay", type=float, default=.3, help="the last share of the run, in which the learning rate falls to nothing")
    parser.add_argument("--tokens", type=int, default=5000, help="tokens in a batch, contexts and questions together")
    parser.add_argument("--refusals", type=float, default=.3, help="share of questions without an answer, tried at difficulty 1; fewer for the last minutes make a model that refuses less")
    parser.add_argument("--difficulty", type=float, help="0 (one short passage) to 1 (six full ones); default: go on from the checkpoint")
    parser.add_argument("--hardest", type=float, default=1, help="difficulty at which examples stop growing")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tokenizer", default=PUBLISHED)
    parser.add_argument("--resume")
    parser.add_argument("--out", default="model.pt")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    common = Common(Training(args).parameters)
    processes.start_processes(work, (args, common), args.workers, start_method="fork")


if __name__ == "__main__":
    main()
