using System.Runtime.InteropServices;

namespace RedisInfer.Redis;

/// <summary>
/// Which chunks hold which words, ranked by BM25 (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and
/// Beyond", 2009), of the chunk and of its document together. Not thread-safe.
/// </summary>
/// <remarks>
/// A chunk is a paragraph or two and often takes for granted what the document is about; the document as a whole says it. On
/// technical documentation and sources the sum found the right file among five passages for 5 to 12 questions in a hundred more
/// than the chunk alone. Postings are millions: they are flat arrays, linked per word, with no object of their own. Removed
/// chunks keep theirs until <see cref="HoldsMoreDeadThanAlive"/>, and then it is for the owner to make the postings anew.
/// </remarks>
internal sealed class WordPostings
{
    private const float ChunkSaturation = 1.2f;
    private const float DocumentSaturation = 2;

    // How much a text that is longer than the mean is held to say less with each word.
    private const float LengthShare = 0.75f;

    // What each further passage of a document counts for, so that one long document does not fill the whole answer.
    private const float FurtherPassage = 0.8f;

    private const int NoPosting = -1;
    private const int LeastDead = 4096;

    private readonly Dictionary<uint, WordEntry> _words = [];
    private readonly List<Document> _documents = [];
    private readonly Dictionary<(long, string), int> _documentOf = [];
    private readonly List<ChunkRef> _names = [];
    private readonly List<Slot> _slots = [];
    private int[] _next = [];
    private int[] _slot = [];
    private byte[] _count = [];
    private int _used;
    private int _aliveChunks;
    private long _aliveLength;

    /// <summary>Whether it is time to make the postings anew.</summary>
    public bool HoldsMoreDeadThanAlive => _slots.Count - _aliveChunks > _aliveChunks + LeastDead;

    public void Add(long generation, string path, IReadOnlyList<ChunkWords> chunks)
    {
        int document = _documents.Count;
        _documents.Add(new Document(chunks.Sum(chunk => chunk.Length), IsAlive: true));
        _documentOf.Add((generation, path), document);
        foreach (ChunkWords chunk in chunks)
        {
            int slot = _slots.Count;
            _names.Add(new ChunkRef(generation, path, chunk.Index));
            _slots.Add(new Slot(document, chunk.Length));
            foreach (WordCount word in chunk.Words)
            {
                ref WordEntry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, word.Hash, out bool known);
                int posting = NewPosting();
                _next[posting] = known ? entry.First : NoPosting;
                _slot[posting] = slot;
                _count[posting] = word.Count;
                entry = new WordEntry(posting, entry.ChunkCount + 1);
            }
        }

        _aliveChunks += chunks.Count;
        _aliveLength += _documents[document].Length;
    }

    public void Remove(long generation, string path, IReadOnlyList<ChunkWords> chunks)
    {
        if (!_documentOf.Remove((generation, path), out int document))
            return;
        foreach (WordCount word in chunks.SelectMany(chunk => chunk.Words))
        {
            ref WordEntry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_words, word.Hash);
            entry = entry with { ChunkCount = entry.ChunkCount - 1 };
        }

        _documents[document] = _documents[document] with { IsAlive = false };
        _aliveChunks -= chunks.Count;
        _aliveLength -= _documents[document].Length;
    }

    /// <summary>Ranks the chunks that hold any of the words.</summary>
    /// <param name="query">The words, each once.</param>
    /// <param name="count">Most hits wanted.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all. How rare a word is does not depend on it.</param>
    /// <returns>
    /// The hits, best first. Their score is not what they are ranked by: it is the cosine, 0 to 1, between the question's words and
    /// those of them that the chunk holds, weighted by how rare they are.
    /// </returns>
    public ChunkHit[] Search(IReadOnlyList<WordQuery> query, int count, AllowedDocuments? allowed = null)
    {
        var tally = new WordTally(_slots.Count, _documents.Count);
        float asked = 0;
        foreach (WordQuery word in query)
        {
            WordEntry entry = _words.GetValueOrDefault(word.Hash, new WordEntry(NoPosting, 0));
            float weight = word.Weight * Rarity(entry.ChunkCount, _aliveChunks);
            float square = word.IsPair ? 0 : weight * weight;
            asked += square;
            CountWord(entry, weight, square, word.Weight, tally);
        }

        if (allowed is not null)
            tally.Chunks.RemoveAll(slot => !allowed.Generations.ContainsKey(_names[slot].Path));
        if (tally.Chunks.Count == 0)
            return [];
        List<int> ranked = Rank(tally, count);
        return [.. ranked.Select(slot => new ChunkHit(_names[slot], MathF.Sqrt(Math.Min(1, tally.ChunkHeld[slot] / Math.Max(asked, float.Epsilon)))))];
    }

    private void CountWord(WordEntry entry, float weight, float square, float wordWeight, WordTally tally)
    {
        float meanLength = Math.Max(1, (float)_aliveLength / Math.Max(1, _aliveChunks));
        ReadOnlySpan<Slot> slots = CollectionsMarshal.AsSpan(_slots);
        ReadOnlySpan<Document> documents = CollectionsMarshal.AsSpan(_documents);
        for (int posting = entry.First; posting != NoPosting; posting = _next[posting])
        {
            int slot = _slot[posting];
            Slot chunk = slots[slot];
            if (!documents[chunk.Document].IsAlive)
                continue;
            if (tally.ChunkScore[slot] == 0)
                tally.Chunks.Add(slot);
            tally.ChunkScore[slot] += weight * Saturate(_count[posting], chunk.Length / meanLength, ChunkSaturation);
            tally.ChunkHeld[slot] += square;
            if (tally.DocumentCount[chunk.Document] == 0)
                tally.DocumentsOfWord.Add(chunk.Document);
            tally.DocumentCount[chunk.Document] += _count[posting];
        }

        float documentWeight = wordWeight * Rarity(tally.DocumentsOfWord.Count, _documentOf.Count);
        float meanDocument = Math.Max(1, (float)_aliveLength / Math.Max(1, _documentOf.Count));
        foreach (int document in tally.DocumentsOfWord)
        {
            tally.DocumentScore[document] += documentWeight
                * Saturate(tally.DocumentCount[document], _documents[document].Length / meanDocument, DocumentSaturation);
            tally.DocumentCount[document] = 0;
        }

        tally.DocumentsOfWord.Clear();
    }

    /// <summary>Chunk and document count alike, each against the best of its kind.</summary>
    private List<int> Rank(WordTally tally, int count)
    {
        float bestChunk = 0;
        float bestDocument = 0;
        foreach (int slot in tally.Chunks)
        {
            bestChunk = Math.Max(bestChunk, tally.ChunkScore[slot]);
            bestDocument = Math.Max(bestDocument, tally.DocumentScore[_slots[slot].Document]);
        }

        float Score(int slot) =>
            (tally.ChunkScore[slot] / bestChunk) + (tally.DocumentScore[_slots[slot].Document] / bestDocument);

        // A document can come only if its best chunk is among the best chunks of documents.
        var heads = new float[_documents.Count];
        foreach (int slot in tally.Chunks)
        {
            ref float head = ref heads[_slots[slot].Document];
            head = Math.Max(head, Score(slot));
        }

        HashSet<int> documents =
            [.. Enumerable.Range(0, heads.Length).Where(document => heads[document] > 0).OrderByDescending(document => heads[document]).Take(count)];
        var queues = tally.Chunks.Where(slot => documents.Contains(_slots[slot].Document))
            .GroupBy(slot => _slots[slot].Document)
            .Select(group => new Queue<int>(group.OrderByDescending(Score).ThenBy(slot => _names[slot].Index).Take(count)));
        var next = new PriorityQueue<(Queue<int> Chunks, float Share), (float Score, string Path)>(Comparer<(float Score, string Path)>.Create(
            (a, b) => b.Score.CompareTo(a.Score) is var byScore and not 0 ? byScore : string.CompareOrdinal(a.Path, b.Path)));
        foreach (Queue<int> queue in queues)
        {
            next.Enqueue((queue, 1), (Score(queue.Peek()), _names[queue.Peek()].Path));
        }

        var ranked = new List<int>(count);
        while (ranked.Count < count && next.TryDequeue(out (Queue<int> Chunks, float Share) best, out _))
        {
            ranked.Add(best.Chunks.Dequeue());
            float share = best.Share * FurtherPassage;
            if (best.Chunks.TryPeek(out int slot))
                next.Enqueue((best.Chunks, share), (share * Score(slot), _names[slot].Path));
        }

        return ranked;
    }

    /// <summary>The inverse document frequency, above zero.</summary>
    private static float Rarity(int holders, int all) => MathF.Log(1 + ((all - holders + 0.5f) / (holders + 0.5f)));

    private static float Saturate(int count, float relativeLength, float saturation) =>
        count * (saturation + 1) / (count + (saturation * (1 - LengthShare + (LengthShare * relativeLength))));

    private int NewPosting()
    {
        if (_used == _next.Length)
        {
            int capacity = Math.Max(1024, _used + (_used / 2));
            Array.Resize(ref _next, capacity);
            Array.Resize(ref _slot, capacity);
            Array.Resize(ref _count, capacity);
        }

        return _used++;
    }

    private readonly record struct WordEntry(int First, int ChunkCount);

    private readonly record struct Document(int Length, bool IsAlive);

    /// <summary>What the loop over postings needs of a chunk; small, since it jumps from one to another.</summary>
    private readonly record struct Slot(int Document, int Length);
}
