using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Embedding;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Tests.Integration.Llama;

namespace RedisInfer.Tests.Integration.Embedding;

public sealed class ModelEmbeddingGeneratorTests(LlamaUnderTest engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<EmbeddingPooling> Poolings => [EmbeddingPooling.Mean, EmbeddingPooling.Cls, EmbeddingPooling.Last];

    [Theory]
    [MemberData(nameof(Poolings))]
    public async Task ManyTextsGiveTheUnitVectorsOfEachAloneInOrder(EmbeddingPooling pooling)
    {
        using ModelEmbeddingGenerator generator = Create(pooling);
        string[] texts =
        [
            .. Enumerable.Range(0, 60).Select(i => string.Concat(Enumerable.Repeat($"Backup {i} is kept for {i * 7} days. ", 1 + (i * 5 % 17)))),
        ];

        GeneratedEmbeddings<Embedding<float>> together = await generator.GenerateAsync(texts, cancellationToken: Cancellation);

        Assert.Equal(texts.Length, together.Count);
        Assert.True(together.Usage!.InputTokenCount > texts.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            ReadOnlyMemory<float> alone = await generator.GenerateVectorAsync(texts[i], cancellationToken: Cancellation);
            Assert.Equal(1, TensorPrimitives.Norm(together[i].Vector.Span), 1e-4f);
            Assert.Equal(1, TensorPrimitives.Dot(alone.Span, together[i].Vector.Span), 1e-3f);
        }

        Assert.True(TensorPrimitives.Dot(together[0].Vector.Span, together[1].Vector.Span) < 0.99999f);
    }

    [Fact]
    public async Task SpecialTokensOfTheModelStandAroundTheText()
    {
        IInferenceModel model = engine.Embedding(EmbeddingPooling.Cls);
        using ModelEmbeddingGenerator generator = Create(EmbeddingPooling.Cls);
        using IInferenceContext context = model.CreateContext(new ContextOptions { ContextSize = 512, Embeddings = true });
        var batch = new TokenBatch(512);
        int[] tokens =
        [
            .. model.Tokenizer.LeadingTokens.Span,
            .. model.Tokenizer.Tokenize("Who may restore a backup?", parseSpecial: false),
            .. model.Tokenizer.TrailingTokens.Span,
        ];
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], i, 0, output: true);
        }

        Assert.Equal(DecodeResult.Done, context.Decode(batch, Cancellation));
        float[] expected = context.GetEmbedding(0).ToArray();
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("Who may restore a backup?", cancellationToken: Cancellation);

        Assert.NotEmpty(model.Tokenizer.LeadingTokens.ToArray());
        Assert.NotEmpty(model.Tokenizer.TrailingTokens.ToArray());
        Assert.Equal(1, TensorPrimitives.CosineSimilarity(expected, vector.Span), 1e-4f);
    }

    [Fact]
    public async Task TextLongerThanTheModelTakesIsCutWithAWarning()
    {
        var log = new ListLogger();
        using var generator = new ModelEmbeddingGenerator(engine.Embedding(EmbeddingPooling.Mean), 1, log);
        string start = string.Concat(Enumerable.Repeat("backups are kept ", 400));

        ReadOnlyMemory<float> one = await generator.GenerateVectorAsync(start + "cats", cancellationToken: Cancellation);
        ReadOnlyMemory<float> other = await generator.GenerateVectorAsync(start + "and dogs", cancellationToken: Cancellation);
        Assert.Equal(2, log.Lines.Count);
        await generator.GenerateVectorAsync("short", cancellationToken: Cancellation);

        Assert.Equal(1, TensorPrimitives.Dot(one.Span, other.Span), 1e-4f);
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("was cut to", log.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Poolings))]
    public async Task EmptyTextGivesAVectorAndNoTextsGiveNone(EmbeddingPooling pooling)
    {
        using ModelEmbeddingGenerator generator = Create(pooling);

        GeneratedEmbeddings<Embedding<float>> some = await generator.GenerateAsync(["", "a", ""], cancellationToken: Cancellation);

        Assert.All(some, embedding => Assert.Equal(engine.Embedding(pooling).Info.EmbeddingLength, embedding.Vector.Length));
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task SeveralCallersAtOnceGetTheirOwnVectors()
    {
        using ModelEmbeddingGenerator generator = Create(EmbeddingPooling.Mean);
        string[] texts = [.. Enumerable.Range(0, 12).Select(i => $"text {i} " + new string((char)('a' + i), 20))];
        GeneratedEmbeddings<Embedding<float>> expected = await generator.GenerateAsync(texts, cancellationToken: Cancellation);

        ReadOnlyMemory<float>[] vectors = await Task.WhenAll(
            texts.Select(text => Task.Run(() => generator.GenerateVectorAsync(text, cancellationToken: Cancellation), Cancellation)));

        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(1, TensorPrimitives.Dot(expected[i].Vector.Span, vectors[i].Span), 1e-3f);
        }
    }

    [Fact]
    public void TextModelIsRefusedAsSuch()
    {
        RedisInferException e = Assert.Throws<RedisInferException>(() => new ModelEmbeddingGenerator(engine.Text, 1, NullLogger.Instance));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, e.Code);
        Assert.Contains("text model", e.Message, StringComparison.Ordinal);
        Assert.Contains("embedding model", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledCallEndsAndTheNextOneWorks()
    {
        using ModelEmbeddingGenerator generator = Create(EmbeddingPooling.Mean);
        using var cancellation = new CancellationTokenSource();
        int tokenized = 0;
        IEnumerable<string> texts = Enumerable.Range(0, 200).Select(i =>
        {
            if (++tokenized == 200)
                cancellation.Cancel();
            return $"text {i}";
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(texts, cancellationToken: cancellation.Token));

        Assert.Equal(64, (await generator.GenerateVectorAsync("next", cancellationToken: Cancellation)).Length);
    }

    [Fact]
    public async Task DisposalEndsRunningCallsAndRefusesNewOnes()
    {
        ModelEmbeddingGenerator generator = Create(EmbeddingPooling.Mean);
        string[] texts = [.. Enumerable.Repeat(string.Concat(Enumerable.Repeat("backups are kept ", 100)), 5000)];
        Task[] running = [.. Enumerable.Range(0, 3).Select(_ => generator.GenerateAsync(texts, cancellationToken: Cancellation))];

        generator.Dispose();
        generator.Dispose();

        foreach (Task call in running)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => generator.GenerateAsync(["a"], cancellationToken: Cancellation));
    }

    [Fact]
    public void MetadataNamesModelWeightsAndDimensions()
    {
        using ModelEmbeddingGenerator mean = Create(EmbeddingPooling.Mean);
        using ModelEmbeddingGenerator last = Create(EmbeddingPooling.Last);

        var metadata = (EmbeddingGeneratorMetadata)mean.GetService(typeof(EmbeddingGeneratorMetadata))!;
        ModelInfo info = engine.Embedding(EmbeddingPooling.Mean).Info;

        Assert.Equal(info.EmbeddingLength, metadata.DefaultModelDimensions);
        Assert.Contains(info.Fingerprint, metadata.DefaultModelId, StringComparison.Ordinal);
        Assert.NotEqual(metadata.DefaultModelId, ((EmbeddingGeneratorMetadata)last.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelId);
        Assert.Same(mean, mean.GetService(typeof(ModelEmbeddingGenerator)));
        Assert.Null(mean.GetService(typeof(string)));
    }

    [Fact]
    public async Task OtherNumberOfDimensionsIsRefused()
    {
        using ModelEmbeddingGenerator generator = Create(EmbeddingPooling.Mean);

        await Assert.ThrowsAsync<ArgumentException>(
            () => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 3 }, Cancellation));
    }

    private ModelEmbeddingGenerator Create(EmbeddingPooling pooling) => new(engine.Embedding(pooling), 1, NullLogger.Instance);

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
