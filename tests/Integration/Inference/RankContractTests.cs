using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What computing the scores of re-rankers must do, with every engine.</summary>
public abstract class RankContractTests(EngineUnderTest engine)
{
    private static readonly ContextOptions Ranking = new() { ContextSize = 512, BatchSize = 512, MaxSequences = 4, Ranking = true };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void SeveralPairsInOneBatchHaveTheScoresOfEachAlone(int kind)
    {
        IInferenceModel ranker = engine.Load(kind == 0 ? TestModels.EncoderReranker : TestModels.DecoderReranker);
        using IInferenceContext context = ranker.CreateContext(Ranking);
        int[][] pairs = [.. TinyRerankers.GradedWords.Select(word => ranker.Tokenizer.Tokenize($"the {word} {word} is full", parseSpecial: false))];
        float[] alone = [.. pairs.Select(pair => Scores(context, pair)[0])];

        float[] together = Scores(context, pairs);

        Assert.Equal(alone.OrderDescending(), alone);
        Assert.True(alone[0] > alone[^1]);
        for (int i = 0; i < pairs.Length; i++)
        {
            Assert.Equal(alone[i], together[i], 1e-3f);
        }
    }

    [Fact]
    public void ContextGivesOnlyWhatItComputes()
    {
        IInferenceModel ranker = engine.Load(TestModels.EncoderReranker);
        using IInferenceContext scores = ranker.CreateContext(Ranking);
        using IInferenceContext vectors = engine.Embedding(EmbeddingPooling.Mean).CreateContext(Ranking with { Ranking = false, Embeddings = true });
        Decode(scores, [2, 9, 3, 10, 3]);
        Decode(vectors, [2, 9, 3]);

        Assert.True(float.IsFinite(scores.GetScore(0)));
        Assert.Throws<ArgumentException>(() => scores.GetEmbedding(0));
        Assert.Throws<ArgumentException>(() => scores.GetLogits(0));
        Assert.Throws<ArgumentException>(() => scores.GetScore(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => scores.GetScore(4));
        Assert.Throws<ArgumentException>(() => vectors.GetScore(0));
        Assert.Throws<ArgumentException>(() => ranker.CreateContext(Ranking with { Embeddings = true }));
    }

    [Fact]
    public void ModelSaysWhetherItRanks()
    {
        Assert.True(engine.Load(TestModels.EncoderReranker).Info is { CanRank: true, CanGenerate: false, Pooling: EmbeddingPooling.Rank, RerankTemplate: null });
        Assert.Equal(TinyRerankers.Template, engine.Load(TestModels.DecoderReranker).Info.RerankTemplate);
        foreach (IInferenceModel other in (IInferenceModel[])[engine.Text, engine.Embedding(EmbeddingPooling.Mean), engine.Embedding(EmbeddingPooling.Last)])
        {
            Assert.False(other.Info.CanRank);
            Assert.Equal(
                RedisInferErrorCode.ModelNotLoadable,
                Assert.Throws<RedisInferException>(() => other.CreateContext(Ranking)).Code);
        }
    }

    /// <summary>Decodes each pair in a sequence of its own.</summary>
    private static float[] Scores(IInferenceContext context, params int[][] pairs)
    {
        for (int sequence = 0; sequence < Ranking.MaxSequences; sequence++)
        {
            context.RemoveSequence(sequence);
        }

        Decode(context, pairs);
        return [.. pairs.Select((_, sequence) => context.GetScore(sequence))];
    }

    private static void Decode(IInferenceContext context, params int[][] sequences)
    {
        var batch = new TokenBatch(sequences.Sum(tokens => tokens.Length));
        for (int sequence = 0; sequence < sequences.Length; sequence++)
        {
            for (int i = 0; i < sequences[sequence].Length; i++)
            {
                batch.Add(sequences[sequence][i], i, sequence, output: true);
            }
        }

        Assert.Equal(DecodeResult.Done, context.Decode(batch, TestContext.Current.CancellationToken));
    }
}
