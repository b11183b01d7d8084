"""Averages the weights of checkpoints of one line of training. The average is steadier than each of them: less of what it does depends on
the last examples that one of them saw (Wortsman et al. 2022).

    python3 average.py work/one.pt=.2 work/two.pt=.8 --out work/model.pt      weights of the average; momentum and counts are of the last one
"""
import argparse

import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", metavar="FILE=WEIGHT")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    files = [(name, float(weight)) for name, _, weight in (text.rpartition("=") for text in args.checkpoints)]
    total = sum(weight for _, weight in files)
    average = {}
    for name, weight in files:
        saved = torch.load(name)
        for key, value in saved["model"].items():
            average[key] = average.get(key, 0) + value * (weight / total)
    torch.save({**saved, "model": average}, args.out)


if __name__ == "__main__":
    main()
