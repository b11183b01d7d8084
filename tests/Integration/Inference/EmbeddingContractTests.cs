using RedisInfer.Errors;
using RedisInfer.Inference;
using static RedisInfer.Tests.Integration.Inference.InferenceSteps;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What computing embeddings must do, with every engine and every kind of model.</summary>
public abstract class EmbeddingContractTests(EngineUnderTest engine)
{
    private static readonly string[] Texts = ["Backups are kept for 31 days.", "Who may restore one?", "A cat", "The team on call restores backups."];

    public static TheoryData<EmbeddingPooling> Poolings => [EmbeddingPooling.Mean, EmbeddingPooling.Cls, EmbeddingPooling.Last];

    [Theory]
    [MemberData(nameof(Poolings))]
    public void SeveralTextsInOneBatchGiveTheVectorsOfEachAlone(EmbeddingPooling pooling)
    {
        IInferenceModel model = engine.Embedding(pooling);
        using IInferenceContext context = model.Context(embeddings: true);
        float[][] alone = [.. Texts.Select(text => Embed(context, model, text)[0])];

        float[][] together = Embed(context, model, Texts);

        Assert.All(together, vector => Assert.Equal(model.Info.EmbeddingLength, vector.Length));
        for (int i = 0; i < Texts.Length; i++)
        {
            AssertClose(alone[i], together[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void VectorsDependOnTheTextAlone(EmbeddingPooling pooling)
    {
        IInferenceModel model = engine.Embedding(pooling);
        using IInferenceContext first = model.Context(embeddings: true);
        using IInferenceContext second = model.Context(size: 300, sequences: 3, batch: 77, embeddings: true);
        Embed(second, model, Texts[3]);

        float[] vector = Embed(first, model, Texts[0])[0];

        AssertClose(vector, Embed(second, model, Texts[0])[0]);
        Assert.Contains(vector, value => value != 0);
        Assert.NotEqual(vector, Embed(first, model, Texts[1])[0]);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void NothingIsKeptBetweenBatches(EmbeddingPooling pooling)
    {
        IInferenceModel model = engine.Embedding(pooling);
        using IInferenceContext context = model.Context(size: 256, sequences: 1, embeddings: true);

        for (int i = 0; i < 20; i++)
        {
            Embed(context, model, string.Concat(Enumerable.Repeat("Backups are kept. ", 8)));
            Assert.Equal(0, context.GetSequenceLength(0));
        }
    }

    [Fact]
    public void AnyNumberOfSequencesWorks()
    {
        foreach (EmbeddingPooling pooling in (EmbeddingPooling[])[EmbeddingPooling.Mean, EmbeddingPooling.Last])
        {
            foreach (int sequences in (int[])[1, 2, 3, 5, 6, 7, 12, 100, 255])
            {
                IInferenceModel model = engine.Embedding(pooling);
                using IInferenceContext context = model.Context(size: 256, sequences, batch: 100, embeddings: true);
                Embed(context, model, Texts[0]);
            }
        }
    }

    [Fact]
    public void TextModelGivesNoEmbeddings()
    {
        var thrown = Assert.Throws<RedisInferException>(() => engine.Text.Context(embeddings: true));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains("text model", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void EmbeddingModelGeneratesNoText(EmbeddingPooling pooling)
    {
        var thrown = Assert.Throws<RedisInferException>(() => engine.Embedding(pooling).Context());

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains("embedding model", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TextLongerThanTheModelTakesIsRefused()
    {
        // The positions of an encoder are a table. A position beyond its end would make llama.cpp end the process.
        IInferenceModel model = engine.Embedding(EmbeddingPooling.Mean);
        using IInferenceContext context = model.Context(size: 2048, batch: 2048, embeddings: true);
        var batch = new TokenBatch(2048);
        for (int i = 0; i <= model.Info.TrainedContextSize; i++)
        {
            batch.Add(5, i, 0, output: true);
        }

        var thrown = Assert.Throws<ArgumentException>(() => context.Decode(batch, CancellationToken.None));

        Assert.Contains("beyond", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public void EmbeddingOfASequenceThatHadNoTextIsRefused(EmbeddingPooling pooling)
    {
        IInferenceModel model = engine.Embedding(pooling);
        using IInferenceContext context = model.Context(embeddings: true);
        Assert.Throws<ArgumentException>(() => context.GetEmbedding(0).Length);
        Embed(context, model, Texts[0]);

        Assert.Throws<ArgumentException>(() => context.GetEmbedding(1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => context.GetEmbedding(-1).Length);
        Assert.Throws<ArgumentException>(() => context.GetLogits(0).Length);
    }

    [Fact]
    public void ContextForTextGivesNoEmbedding()
    {
        using IInferenceContext context = engine.Text.Context();
        context.Append(0, engine.Text.Tokens(Texts[0]));

        Assert.Throws<ArgumentException>(() => context.GetEmbedding(0).Length);
    }

    [Fact]
    public void MemoryOperationsOfAnEncoderDoNothing()
    {
        IInferenceModel model = engine.Embedding(EmbeddingPooling.Mean);
        using IInferenceContext context = model.Context(embeddings: true);
        Embed(context, model, Texts[0]);

        context.RemoveSequence(0);
        context.CopySequence(0, 1);
        Assert.Throws<ArgumentException>(() => context.ShiftSequence(0, 0, -1, 1));
    }

    private static float[][] Embed(IInferenceContext context, IInferenceModel model, params string[] texts)
    {
        var batch = new TokenBatch(context.BatchSize);
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            ITokenizer tokenizer = model.Tokenizer;
            int[] tokens =
            [
                .. tokenizer.LeadingTokens.Span, .. tokenizer.Tokenize(texts[sequence], parseSpecial: false), .. tokenizer.TrailingTokens.Span,
            ];
            for (int i = 0; i < tokens.Length; i++)
            {
                batch.Add(tokens[i], i, sequence, output: true);
            }
        }

        Assert.Equal(DecodeResult.Done, context.Decode(batch, CancellationToken.None));
        return [.. Enumerable.Range(0, texts.Length).Select(sequence => context.GetEmbedding(sequence).ToArray())];
    }
}
