using System.Numerics.Tensors;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;

namespace RedisInfer.Indexing;

/// <summary>A random sample of the vectors that a run embeds, to learn how near unrelated questions are. Thread-safe.</summary>
internal sealed class CosineSample
{
    private const int Capacity = 256;

    // Of so many chunks, further ones change nothing.
    private const int Enough = 2048;

    private readonly Lock _gate = new();
    private readonly List<ReadOnlyMemory<float>> _vectors = [];
    private long _seen;

    /// <summary>Adds vectors. Each vector of a run has the same chance to be in the sample.</summary>
    public void Add(IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        lock (_gate)
        {
            foreach (ReadOnlyMemory<float> vector in vectors)
            {
                _seen++;
                if (_vectors.Count < Capacity)
                    _vectors.Add(vector);
                else if (Random.Shared.NextInt64(_seen) is var place and < Capacity)
                    _vectors[(int)place] = vector;
            }
        }
    }

    /// <summary>Compares the sample with unrelated questions, and stores what that says with the corpus.</summary>
    public async Task LearnAsync(CorpusStore store, TextEmbedder embedder, CancellationToken cancellationToken)
    {
        List<float[]> units = TakeUnits();
        if (units.Count == 0 || (await store.ReadSpreadAsync(cancellationToken).ConfigureAwait(false))?.Chunks >= Enough)
            return;
        IReadOnlyList<float[]> questions = await embedder.EmbedUnrelatedAsync(cancellationToken).ConfigureAwait(false);
        if (questions.Count > 0)
            await store.LearnAsync(CosineSpread.Of(questions, units), cancellationToken).ConfigureAwait(false);
    }

    private List<float[]> TakeUnits()
    {
        lock (_gate)
        {
            // A vector with NaN fails its own document, and a zero vector has no direction.
            List<float[]> units =
            [
                .. _vectors.Where(vector => float.IsFinite(TensorPrimitives.Norm(vector.Span)))
                    .Select(vector => UnitVector.From(vector.Span))
                    .OfType<float[]>(),
            ];
            _vectors.Clear();
            _seen = 0;
            return units;
        }
    }
}
