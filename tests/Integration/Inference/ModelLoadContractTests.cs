using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What loading a model must do, with every engine.</summary>
public abstract class ModelLoadContractTests(EngineUnderTest engine)
{
    [Fact]
    public async Task LoadReportsProgressThatEndsAtOne()
    {
        var progress = new RecordedProgress();

        using IInferenceModel model = await engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath }, progress, TestContext.Current.CancellationToken);

        Assert.Equal(1f, progress.Shares[^1]);
        Assert.Equal(progress.Shares.Order(), progress.Shares);
    }

    [Fact]
    public async Task LoadCancelledBeforehandDoesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Engine.LoadModelAsync(
            new ModelOptions { Path = "no such file" }, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task LoadCancelledOnTheWayStopsAndCanBeRepeated()
    {
        using var source = new CancellationTokenSource();
        var progress = new RecordedProgress { OnReport = _ => source.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath }, progress, source.Token));

        Assert.DoesNotContain(1f, progress.Shares);
        using IInferenceModel model = await engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath }, null, TestContext.Current.CancellationToken);
        Assert.Equal(engine.Text.Info.Fingerprint, model.Info.Fingerprint);
    }

    [Fact]
    public async Task ProgressThatThrowsEndsTheLoadAndNotTheProcess()
    {
        var progress = new RecordedProgress { OnReport = _ => throw new IOException("no console") };

        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath }, progress, TestContext.Current.CancellationToken));

        Assert.IsType<IOException>(thrown.InnerException);
    }

    [Fact]
    public async Task MissingFileIsNamed()
    {
        RedisInferException thrown = await Refused("models/no-such-model.gguf");

        Assert.Contains("models/no-such-model.gguf", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderIsNoModel() => Assert.Contains("folder", (await Refused(AppContext.BaseDirectory)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(MalformedModel.Empty, "not a GGUF")]
    [InlineData(MalformedModel.PlainText, "not a GGUF")]
    [InlineData(MalformedModel.WrongMagic, "not a GGUF")]
    [InlineData(MalformedModel.WrongVersion, "version 99")]
    [InlineData(MalformedModel.TruncatedHeader, "truncated")]
    [InlineData(MalformedModel.TruncatedTensors, "truncated")]
    [InlineData(MalformedModel.NoBlocks, "block_count")]
    [InlineData(MalformedModel.TooManyBlocks, "block_count")]
    [InlineData(MalformedModel.DuplicateTokens, "twice")]
    [InlineData(MalformedModel.HugeTensorCount, "damaged")]
    [InlineData(MalformedModel.HugeMetadataCount, "damaged")]
    [InlineData(MalformedModel.HugeStringLength, "truncated")]
    [InlineData(MalformedModel.HugeArrayLength, "truncated")]
    [InlineData(MalformedModel.UnknownArchitecture, "no-such-architecture")]
    [InlineData(MalformedModel.MissingTensor, "ffn_down")]
    public async Task MalformedModelIsRefusedWithItsReason(MalformedModel kind, string reason)
    {
        string path = TestModels.Malformed(kind);

        RedisInferException thrown = await Refused(path);

        Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TextModelSaysWhatItIs()
    {
        ModelInfo info = engine.Text.Info;

        Assert.True(info.CanGenerate);
        Assert.Equal(EmbeddingPooling.None, info.Pooling);
        Assert.Equal("qwen3", info.Architecture);
        Assert.Equal(engine.Text.Tokenizer.VocabularySize, info.VocabularySize);
        Assert.True(info.WeightBytes > 0 && info.ParameterCount > 0 && info.TrainedContextSize > 0);
        Assert.Contains("im_start", info.ChatTemplate, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", info.Fingerprint);
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean, "bert")]
    [InlineData(EmbeddingPooling.Cls, "bert")]
    [InlineData(EmbeddingPooling.Last, "qwen3")]
    public void EmbeddingModelSaysWhatItIs(EmbeddingPooling pooling, string architecture)
    {
        ModelInfo info = engine.Embedding(pooling).Info;

        Assert.False(info.CanGenerate);
        Assert.Equal(pooling, info.Pooling);
        Assert.Equal(architecture, info.Architecture);
    }

    [Fact]
    public void FingerprintsTellWeightsApartAndVocabulariesAlike()
    {
        Assert.NotEqual(engine.Text.Info.Fingerprint, engine.OtherText.Info.Fingerprint);
        Assert.Equal(engine.Text.Tokenizer.Fingerprint, engine.OtherText.Tokenizer.Fingerprint);
        Assert.NotEqual(engine.Text.Tokenizer.Fingerprint, engine.Embedding(EmbeddingPooling.Mean).Tokenizer.Fingerprint);
    }

    [Fact]
    public void ModelWithoutATemplateSaysSo()
    {
        IInferenceModel model = engine.Embedding(EmbeddingPooling.Mean);

        RedisInferException thrown = Assert.Throws<RedisInferException>(() => model.ApplyChatTemplate([new ChatTurn("user", "Hi")], true));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains("chat template", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelNamesTheTokensThatTemplatesWrite()
    {
        Assert.Equal(ByteLevelVocabulary.EndOfText, engine.Text.Info.BeginOfText);
        Assert.Equal(ByteLevelVocabulary.EndOfTurn, engine.Text.Info.EndOfText);
    }

    [Fact]
    public async Task VocabularyAloneTellsTheFormOfConversationsAsTheModelDoes()
    {
        using LoadedTokenizer? text = await LoadTokenizerAsync(engine.TextPath);
        using LoadedTokenizer? encoder = await LoadTokenizerAsync(engine.EmbeddingPaths[EmbeddingPooling.Mean]);
        Assert.SkipWhen(text is null, "This engine loads no vocabulary without its weights.");

        ModelInfo info = engine.Text.Info;
        Assert.Equal(new ChatFormat(engine.TextPath, info.ChatTemplate, info.BeginOfText, info.EndOfText), text.ChatFormat);
        Assert.Equal(engine.Text.Tokenizer.Fingerprint, text.Tokenizer.Fingerprint);
        Assert.Null(encoder!.ChatFormat);
    }

    private Task<LoadedTokenizer?> LoadTokenizerAsync(string path) =>
        engine.Engine.LoadTokenizerAsync(new ModelOptions { Path = path }, TestContext.Current.CancellationToken);

    private async Task<RedisInferException> Refused(string path)
    {
        RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => engine.Engine.LoadModelAsync(
            new ModelOptions { Path = path }, null, TestContext.Current.CancellationToken));
        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        return thrown;
    }

    private sealed class RecordedProgress : IProgress<float>
    {
        public List<float> Shares { get; } = [];

        public Action<float>? OnReport { get; init; }

        public void Report(float value)
        {
            Shares.Add(value);
            OnReport?.Invoke(value);
        }
    }
}
