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
        using var generator = new ModelEmbeddingGenerator(engine.Embedding(EmbeddingPooling.Mean), 1, pinThreads: true, log);
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
        RedisInferException e = Assert.Throws<RedisInferException>(() => new ModelEmbeddingGenerator(engine.Text, 1, pinThreads: true, NullLogger.Instance));

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
    public async Task CallThatEndsBetweenTwoTextsLeavesNothingToTheNextOne()
    {
        IInferenceModel model = engine.Embedding(EmbeddingPooling.Mean);
        using var alone = Create(EmbeddingPooling.Mean);
        using var cancellation = new CancellationTokenSource();
        var tokenizer = new ObservedTokenizer(model.Tokenizer);
        using var generator = new ModelEmbeddingGenerator(new ModelWithTokenizer(model, tokenizer), 1, pinThreads: true, NullLogger.Instance);

        tokenizer.BeforeTokenize = cancellation.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => generator.GenerateAsync(["one", "two"], cancellationToken: cancellation.Token));
        tokenizer.BeforeTokenize = () => tokenizer.BeforeTokenize = () => throw new InvalidDataException("This text has no tokens.");
        await Assert.ThrowsAsync<InvalidDataException>(() => generator.GenerateAsync(["one", "two"], cancellationToken: Cancellation));
        tokenizer.BeforeTokenize = null;
        ReadOnlyMemory<float> next = await generator.GenerateVectorAsync("next", cancellationToken: Cancellation);

        ReadOnlyMemory<float> expected = await alone.GenerateVectorAsync("next", cancellationToken: Cancellation);
        Assert.Equal(1, TensorPrimitives.Dot(expected.Span, next.Span), 1e-4f);
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

    private ModelEmbeddingGenerator Create(EmbeddingPooling pooling) => new(engine.Embedding(pooling), 1, pinThreads: true, NullLogger.Instance);

    /// <summary>A model with another tokenizer. The model belongs to the test.</summary>
    private sealed class ModelWithTokenizer(IInferenceModel model, ITokenizer tokenizer) : IInferenceModel
    {
        public ModelInfo Info => model.Info;

        public ITokenizer Tokenizer => tokenizer;

        public long GetMaxStateBytes(ContextOptions options, int tokenCount) => model.GetMaxStateBytes(options, tokenCount);

        public int GetMaxSequenceLength(ContextOptions options) => model.GetMaxSequenceLength(options);

        public string GetStateFingerprint(ContextOptions options) => model.GetStateFingerprint(options);

        public IInferenceContext CreateContext(ContextOptions options) => model.CreateContext(options);

        public ISampler CreateSampler(SamplingOptions options) => model.CreateSampler(options);

        public string ApplyChatTemplate(IReadOnlyList<ChatTurn> messages, bool addAssistantHeader) =>
            model.ApplyChatTemplate(messages, addAssistantHeader);

        public void Dispose()
        {
        }
    }

    /// <summary>A tokenizer that lets a test act before each text.</summary>
    private sealed class ObservedTokenizer(ITokenizer tokenizer) : ITokenizer
    {
        public Action? BeforeTokenize { get; set; }

        public string Fingerprint => tokenizer.Fingerprint;

        public int VocabularySize => tokenizer.VocabularySize;

        public ReadOnlyMemory<int> LeadingTokens => tokenizer.LeadingTokens;

        public ReadOnlyMemory<int> TrailingTokens => tokenizer.TrailingTokens;

        public int[] Tokenize(ReadOnlySpan<char> text, bool parseSpecial)
        {
            BeforeTokenize?.Invoke();
            return tokenizer.Tokenize(text, parseSpecial);
        }

        public int CountTokens(ReadOnlySpan<char> text) => tokenizer.CountTokens(text);

        public ReadOnlySpan<byte> GetBytes(int token) => tokenizer.GetBytes(token);

        public bool IsEndOfGeneration(int token) => tokenizer.IsEndOfGeneration(token);
    }

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
