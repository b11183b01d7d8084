"""Chunks of earlier examples, found by their words, as a search finds passages."""
import collections
import math


class Pool:
    """The last chunks, with an index of their words. The oldest leave."""

    def __init__(self, rng, words, size=4000):
        """words: returns the roots of the words of a text that carry its topic."""
        self.rng, self.words, self.size = rng, words, size
        self.chunks, self.first = collections.deque(), 0
        self.index = collections.defaultdict(collections.deque)     # root -> numbers of chunks, oldest first

    def __len__(self):
        return len(self.chunks)

    def add(self, chunk):
        number = self.first + len(self.chunks)
        roots = set(self.words(f"{chunk.trail} {chunk.text}"))
        self.chunks.append((chunk, roots))
        for root in roots:
            self.index[root].append(number)
        if len(self.chunks) > self.size:
            _, gone = self.chunks.popleft()
            for root in gone:
                self.index[root].popleft()
            self.first += 1

    def any(self):
        return self.rng.choice(self.chunks)[0]

    def search(self, text, count):
        """Returns the chunks that share the most telling words with the text, best first."""
        scores = collections.Counter()
        for root in self.words(text):
            found = self.index.get(root, ())
            if 0 < len(found) < self.size / 4:
                weight = math.log(self.size / len(found))
                for number in found:
                    scores[number] += weight
        return [self.chunks[number - self.first][0] for number, _ in scores.most_common(count)]
