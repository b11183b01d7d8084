using System.Runtime.InteropServices;
using RedisInfer.Corpus.Records;
using RedisInfer.Words;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Which chunks hold which words, ranked by BM25 (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
/// 2009). The rank combines the BM25 of the chunk and that of its document. Not thread-safe.
/// </summary>
/// <remarks>
/// A chunk is a paragraph or two and often takes the topic of its document for granted. The document as a whole names the topic. On
/// technical documentation and source code, the sum found the right file among five passages for 5 to 12 more questions in a hundred than
/// the chunk alone. Removed chunks keep their postings. When <see cref="HoldsMoreDeadThanAlive"/> is true, the owner has to rebuild the
/// postings.
/// </remarks>
internal sealed class WordPostings
{
    private const float ChunkSaturation = 1.2f;
    private const float DocumentSaturation = 2;

    // How much less each word counts in a text that is longer than the mean.
    private const float LengthShare = 0.75f;

    // Factor for each further passage of a document, so that one long document does not fill the whole answer.
    private const float FurtherPassage = 0.8f;

    // A name that is nowhere in the corpus counts this many times as much as another word. The corpus then lacks what the question asks
    // about.
    private const float UnknownName = 3;

    private const int LeastDead = 4096;

    private readonly PostingLists _lists = new();
    private readonly List<Document> _documents = [];
    private readonly Dictionary<(long, string), int> _documentOf = [];
    private readonly List<Slot> _slots = [];
    private int _aliveChunks;
    private long _aliveLength;

    // The sums of a question. The arrays are reused by the next question.
    private readonly PostingLists.Block[] _blocks = new PostingLists.Block[PostingLists.MaxBlocks];
    private SlotTally[] _chunks = [];
    private float[] _documentScores = [];
    private readonly List<(int Document, int Count)> _holders = [];

    /// <summary>Whether it is time to rebuild the postings.</summary>
    public bool HoldsMoreDeadThanAlive => _slots.Count - _aliveChunks > _aliveChunks + LeastDead;

    public void Add(long generation, string path, IReadOnlyList<ChunkWords> chunks)
    {
        int document = _documents.Count;
        var added = new Document(generation, path, _slots.Count, chunks.Count, chunks.Sum(chunk => chunk.Length));
        _documents.Add(added);
        _documentOf.Add((generation, path), document);
        foreach (ChunkWords chunk in chunks)
        {
            int slot = _slots.Count;
            _slots.Add(new Slot(document, chunk.Index, chunk.Length));
            foreach (WordCount word in chunk.Words)
            {
                _lists.Add(word.Hash, slot, word.Count);
            }
        }

        _aliveChunks += chunks.Count;
        _aliveLength += added.Length;
    }

    public void Remove(long generation, string path, IReadOnlyList<ChunkWords> chunks)
    {
        if (!_documentOf.Remove((generation, path), out int document))
            return;
        foreach (WordCount word in chunks.SelectMany(chunk => chunk.Words))
        {
            _lists.Forget(word.Hash);
        }

        Document removed = _documents[document];
        Span<Slot> slots = CollectionsMarshal.AsSpan(_slots).Slice(removed.FirstSlot, removed.ChunkCount);
        foreach (ref Slot slot in slots)
        {
            slot = slot with { Document = Slot.Dead };
        }

        _aliveChunks -= removed.ChunkCount;
        _aliveLength -= removed.Length;
    }

    /// <summary>Ranks the chunks that hold any of the words.</summary>
    /// <param name="query">The words, each once.</param>
    /// <param name="count">Maximum number of hits.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all. How rare a word is does not depend on it.</param>
    /// <returns>
    /// The hits, best first. Their score is not what they are ranked by. It is the cosine, 0 to 1, between the question's words and those
    /// of them that the chunk holds, weighted by how rare they are.
    /// </returns>
    public ChunkHit[] Search(IReadOnlyList<WordQuery> query, int count, AllowedDocuments? allowed = null)
    {
        ClearTally();
        float asked = 0;
        foreach (WordQuery word in query)
        {
            int blocks = _lists.Find(word.Hash, _blocks, out int holders);

            // A word that no chunk holds counts like a word that one chunk holds. Otherwise it would outweigh everything in a corpus of few
            // chunks.
            float weight = word.Weight * Rarity(Math.Max(1, holders), _aliveChunks);
            float square = word.IsPair ? 0 : weight * weight;
            asked += holders == 0 && word.IsName ? UnknownName * square : square;
            foreach (PostingLists.Block block in _blocks.AsSpan(0, blocks))
            {
                CountChunks(block, weight, square);
            }

            CountDocuments(word.Weight);
        }

        return
        [
            .. Rank(count, allowed).Select(ranked => new ChunkHit(
                Name(ranked.Slot), MathF.Sqrt(Math.Min(1, _chunks[ranked.Slot].Held / Math.Max(asked, float.Epsilon))))
            {
                Relevance = ranked.Relevance,
            }),
        ];
    }

    /// <summary>Measures what words tell: their sum, each by its rarity, in words that one chunk alone holds.</summary>
    /// <param name="query">The words, each once.</param>
    public float Measure(IReadOnlyList<WordQuery> query)
    {
        float told = 0;
        foreach (WordQuery word in query.Where(word => !word.IsPair))
        {
            _lists.Find(word.Hash, _blocks, out int holders);
            told += word.Weight * Rarity(Math.Max(1, holders), _aliveChunks);
        }

        return told / Rarity(1, Math.Max(1, _aliveChunks));
    }

    private ChunkRef Name(int slot)
    {
        Document document = _documents[_slots[slot].Document];
        return new ChunkRef(document.Generation, document.Path, _slots[slot].Index);
    }

    private void ClearTally()
    {
        if (_chunks.Length < _slots.Count)
            _chunks = new SlotTally[_slots.Capacity];
        if (_documentScores.Length < _documents.Count)
            _documentScores = new float[_documents.Capacity];
        Array.Clear(_chunks, 0, _slots.Count);
        Array.Clear(_documentScores, 0, _documents.Count);
    }

    /// <summary>Adds a word to the chunks that hold it, and notes their documents. The chunks of a document follow one another.</summary>
    private void CountChunks(PostingLists.Block block, float weight, float square)
    {
        // A word adds weight * count * (saturation + 1) / (count + saturation * (1 - share + share * length / mean)).
        float meanLength = Math.Max(1, (float)_aliveLength / Math.Max(1, _aliveChunks));
        float perLength = ChunkSaturation * LengthShare / meanLength;
        const float always = ChunkSaturation * (1 - LengthShare);
        float most = weight * (ChunkSaturation + 1);
        ReadOnlySpan<Slot> slots = CollectionsMarshal.AsSpan(_slots);
        ReadOnlySpan<int> holders = _lists.Slots(block);
        ReadOnlySpan<byte> counts = _lists.Counts(block);
        int document = Slot.Dead;
        int inDocument = 0;
        for (int i = 0; i < holders.Length; i++)
        {
            Slot slot = slots[holders[i]];
            if (slot.Document == Slot.Dead)
                continue;
            float count = counts[i];
            ref SlotTally tally = ref _chunks[holders[i]];
            tally.Score += most * count / (count + always + (perLength * slot.Length));
            tally.Held += square;
            if (slot.Document != document)
            {
                NoteHolder(document, inDocument);
                (document, inDocument) = (slot.Document, 0);
            }

            inDocument += counts[i];
        }

        NoteHolder(document, inDocument);
    }

    /// <summary>
    /// Notes how often a document holds the word that is being counted. The last document of one block may be the first of the next block.
    /// </summary>
    private void NoteHolder(int document, int count)
    {
        if (document == Slot.Dead)
            return;
        if (_holders.Count > 0 && _holders[^1].Document == document)
            _holders[^1] = (document, _holders[^1].Count + count);
        else
            _holders.Add((document, count));
    }

    private void CountDocuments(float wordWeight)
    {
        float weight = wordWeight * Rarity(_holders.Count, _documentOf.Count);
        float meanLength = Math.Max(1, (float)_aliveLength / Math.Max(1, _documentOf.Count));
        foreach ((int document, int count) in _holders)
        {
            float norm = DocumentSaturation * (1 - LengthShare + (LengthShare * _documents[document].Length / meanLength));
            _documentScores[document] += weight * count * (DocumentSaturation + 1) / (count + norm);
        }

        _holders.Clear();
    }

    /// <summary>Ranks chunks by chunk score and document score. Both count alike, each relative to the best of its kind.</summary>
    private List<(int Slot, float Relevance)> Rank(int count, AllowedDocuments? allowed)
    {
        var found = new List<(int Document, float BestChunk)>();
        float bestChunk = 0;
        float bestDocument = 0;
        for (int document = 0; document < _documents.Count; document++)
        {
            if (_documentScores[document] == 0 || allowed?.Contains(_documents[document].Path) == false)
                continue;
            float best = 0;
            foreach (SlotTally tally in TalliesOf(document))
            {
                best = Math.Max(best, tally.Score);
            }

            found.Add((document, best));
            bestChunk = Math.Max(bestChunk, best);
            bestDocument = Math.Max(bestDocument, _documentScores[document]);
        }

        // Only documents whose best chunks rank highest can contribute hits.
        var heads = new PriorityQueue<int, (float Score, string Path)>(Comparer<(float Score, string Path)>.Create(WorseFirst));
        foreach ((int document, float best) in found)
        {
            float score = (best / bestChunk) + (_documentScores[document] / bestDocument);
            if (heads.Count < count)
                heads.Enqueue(document, (score, _documents[document].Path));
            else if (heads.TryPeek(out _, out (float Score, string Path) worst) && score >= worst.Score)
                heads.EnqueueDequeue(document, (score, _documents[document].Path));
        }

        return Merge(heads.UnorderedItems.Select(item => item.Element), count, bestChunk, bestDocument);
    }

    /// <summary>The best chunks of some documents. Each further chunk of the same document counts less.</summary>
    private List<(int Slot, float Relevance)> Merge(IEnumerable<int> documents, int count, float bestChunk, float bestDocument)
    {
        var next = new PriorityQueue<(Queue<int> Chunks, float Share, float Relevance), (float Score, string Path)>(
            Comparer<(float Score, string Path)>.Create((a, b) => WorseFirst(b, a)));
        foreach (int document in documents)
        {
            int first = _documents[document].FirstSlot;
            IEnumerable<int> best = Enumerable.Range(first, _documents[document].ChunkCount)
                .Where(slot => _chunks[slot].Score > 0)
                .OrderByDescending(slot => _chunks[slot].Score)
                .ThenBy(slot => _slots[slot].Index)
                .Take(count);
            Enqueue(new Queue<int>(best), share: 1);
        }

        var ranked = new List<(int Slot, float Relevance)>(count);
        while (ranked.Count < count && next.TryDequeue(out (Queue<int> Chunks, float Share, float Relevance) best, out _))
        {
            ranked.Add((best.Chunks.Dequeue(), best.Relevance));
            Enqueue(best.Chunks, best.Share * FurtherPassage);
        }

        return ranked;

        void Enqueue(Queue<int> chunks, float share)
        {
            if (!chunks.TryPeek(out int slot))
                return;
            int document = _slots[slot].Document;
            float score = (_chunks[slot].Score / bestChunk) + (_documentScores[document] / bestDocument);
            next.Enqueue((chunks, share, score / 2), (share * score, _documents[document].Path));
        }
    }

    private static int WorseFirst((float Score, string Path) a, (float Score, string Path) b)
    {
        int byScore = a.Score.CompareTo(b.Score);
        return byScore != 0 ? byScore : TieOrder.Compare(b.Path, a.Path);
    }

    private ReadOnlySpan<SlotTally> TalliesOf(int document) =>
        _chunks.AsSpan(_documents[document].FirstSlot, _documents[document].ChunkCount);

    /// <summary>The inverse document frequency, above zero.</summary>
    private static float Rarity(int holders, int all) => MathF.Log(1 + ((all - holders + 0.5f) / (holders + 0.5f)));

    private readonly record struct Document(
        long Generation, string Path, int FirstSlot, int ChunkCount, int Length);

    /// <summary>What the loop over postings needs of a chunk. It is small because the loop jumps from one chunk to another.</summary>
    private readonly record struct Slot(int Document, int Index, int Length)
    {
        /// <summary>The document number of a chunk that was removed.</summary>
        public const int Dead = -1;
    }

    /// <summary>The sums of a question's words in one chunk: its score, and the squared weights of the words that it holds.</summary>
    private struct SlotTally
    {
        public float Score;
        public float Held;
    }
}
