using System.Numerics.Tensors;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Words;

namespace RedisInfer.Corpus;

/// <summary>
/// What came before a question. It is searched too, and the more so the less the question's own words tell: "and for the other one?" tells
/// nothing, and four words that are rare in the corpus tell all.
/// </summary>
/// <remarks>The constants were chosen on every other dialogue of the benchmark "conversation".</remarks>
/// <param name="Vector">The embedding of the turn before.</param>
/// <param name="Words">The words of the turns before, with their weights.</param>
internal sealed record EarlierQuery(ReadOnlyMemory<float> Vector, IReadOnlyList<WordQuery> Words)
{
    // How much the vector of the turn before counts, compared with the question's.
    private const float VectorWeight = 0.7f;

    // A question that tells no more than this depends on what came before it. What came before counts less by the square of what it tells.
    private const float DependentWords = 1.2f;

    /// <summary>Joins a question with what came before it.</summary>
    /// <param name="query">The question.</param>
    /// <param name="told">What its words tell, in words that one chunk alone holds.</param>
    public CorpusQuery Join(CorpusQuery query, float told)
    {
        float share = told <= DependentWords ? 1 : MathF.Pow(DependentWords / told, 2);
        HashSet<uint> own = [.. query.Words.Select(word => word.Hash)];
        return query with
        {
            Vector = Join(query.Vector, share * VectorWeight),
            Words = [.. query.Words, .. Words.Where(word => !own.Contains(word.Hash)).Select(word => word with { Weight = share * word.Weight })],
        };
    }

    private ReadOnlyMemory<float> Join(ReadOnlyMemory<float> question, float weight)
    {
        if (UnitVector.From(question.Span) is not { } own || UnitVector.From(Vector.Span) is not { } before)
            return question;
        TensorPrimitives.MultiplyAdd(before, weight, own, own);
        return own;
    }
}
