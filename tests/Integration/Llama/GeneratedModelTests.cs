using System.Text;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>llama.cpp loads the models that the tests generate, and computes with them.</summary>
public sealed class GeneratedModelTests
{
    private static readonly LlamaEngine Engine = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> TextModels { get; } =
        [TestModels.Text, TestModels.TextQ8, TestModels.TextQ4, TestModels.OtherText, TestModels.TextThatEnds];

    public static TheoryData<string, string, EmbeddingPooling, int> EmbeddingModels { get; } = new()
    {
        { TestModels.BertEmbedding, "bert", EmbeddingPooling.Mean, TinyBert.EmbeddingLength },
        { TestModels.BertClsEmbedding, "bert", EmbeddingPooling.Cls, TinyBert.EmbeddingLength },
        { TestModels.Qwen3Embedding, "qwen3", EmbeddingPooling.Last, Qwen3Shape.Tiny.EmbeddingLength },
        { TestModels.LexicalEmbedding, "qwen3", EmbeddingPooling.Mean, BagOfTokens.EmbeddingLength },
    };

    [Theory]
    [MemberData(nameof(TextModels))]
    public async Task ATextModelLoadsAndWritesPrintableText(string path)
    {
        using IInferenceModel model = await LoadAsync(path);

        string text = Generate(model, "How long are the backups kept?", limit: 60).Text;

        Assert.True(model.Info.CanGenerate);
        Assert.Equal("qwen3", model.Info.Architecture);
        Assert.Equal(ByteLevelVocabulary.Small.Tokens.Count, model.Info.VocabularySize);
        Assert.Equal(Qwen3Shape.Tiny.ContextLength, model.Info.TrainedContextSize);
        Assert.NotEmpty(text);
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~'), $"U+{(int)c:X4}"));
    }

    [Fact]
    public async Task TheModelThatEndsEndsByItselfWhereTheOtherGoesOn()
    {
        const string prompt = "<|im_start|>user\nHow long are backups kept?<|im_end|>\n<|im_start|>assistant\n";
        using IInferenceModel ending = await LoadAsync(TestModels.TextThatEnds);
        using IInferenceModel endless = await LoadAsync(TestModels.Text);

        Assert.True(Generate(ending, prompt, limit: 200).Ended);
        Assert.False(Generate(endless, prompt, limit: 200).Ended);
    }

    [Fact]
    public async Task WhatIsWrittenDependsOnThePromptAndOnTheWeights()
    {
        using IInferenceModel model = await LoadAsync(TestModels.Text);
        using IInferenceModel other = await LoadAsync(TestModels.OtherText);

        string text = Generate(model, "Where is the log file of the server?", limit: 20).Text;

        Assert.NotEqual(text, Generate(model, "When is the log file of the server?", limit: 20).Text);
        Assert.NotEqual(text, Generate(other, "Where is the log file of the server?", limit: 20).Text);
    }

    [Theory]
    [InlineData("How long are the backups kept?")]
    [InlineData("naïve – 文字 😀\r\n\tif (x == 1) { }")]
    public async Task TheByteLevelVocabularyGivesBackEveryText(string text)
    {
        using IInferenceModel model = await LoadAsync(TestModels.Text);

        int[] tokens = model.Tokenizer.Tokenize(text, parseSpecial: false);

        Assert.Equal(text, Encoding.UTF8.GetString([.. tokens.SelectMany(t => model.Tokenizer.GetBytes(t).ToArray())]));
        Assert.True(tokens.Length < Encoding.UTF8.GetByteCount(text), "No merge was applied.");
    }

    [Theory]
    [MemberData(nameof(EmbeddingModels))]
    public async Task AnEmbeddingModelLoadsAndTellsTextsApart(string path, string architecture, EmbeddingPooling pooling, int length)
    {
        using IInferenceModel model = await LoadAsync(path);

        float[] one = Embed(model, "the backups are kept for ninety days");
        float[] two = Embed(model, "an engineer compares the two logs");

        Assert.Equal((architecture, pooling, length), (model.Info.Architecture, model.Info.Pooling, model.Info.EmbeddingLength));
        Assert.Equal(length, one.Length);
        Assert.All(one, value => Assert.True(float.IsFinite(value)));
        Assert.InRange(Cosine(one, two), -1, 0.999);
        Assert.InRange(Cosine(one, Embed(model, "the backups are kept for ninety days")), 0.9999, 1.0001);
    }

    [Fact]
    public async Task TheLexicalModelFindsTheParagraphOfAQuestion()
    {
        (string Question, string Paragraph)[] pairs =
        [
            ("How long are backups kept?", "Backups are kept for ninety days, and a daily copy is kept for two weeks."),
            ("What happens when the primary server fails?", "If the primary fails the replica takes over in thirty seconds."),
            ("Do I need a second factor for my account?", "New people get an account on their first day with a second factor."),
            ("When is the office open for visitors?", "The office is open from eight until seven; visitors wear a badge."),
            ("Who approves a refund?", "Refunds need two people: one asks and another one approves."),
            ("When is an alert sent?", "An alert is sent when a number is outside its range for five minutes."),
        ];
        using IInferenceModel model = await LoadAsync(TestModels.LexicalEmbedding);
        float[][] vectors = [.. pairs.Select(p => Embed(model, p.Paragraph))];

        for (int i = 0; i < pairs.Length; i++)
        {
            float[] question = Embed(model, pairs[i].Question);
            Assert.Equal(i, Array.IndexOf(vectors, vectors.MaxBy(v => Cosine(v, question))));
        }
    }

    [Theory]
    [MemberData(nameof(MalformedKinds))]
    public async Task AMalformedModelIsRefusedAndTheProcessLives(MalformedModel kind)
    {
        string path = TestModels.Malformed(kind);

        RedisInferException refusal = await Assert.ThrowsAsync<RedisInferException>(() => LoadAsync(path));

        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, refusal.Code);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<MalformedModel> MalformedKinds() => [.. Enum.GetValues<MalformedModel>()];

    private static Task<IInferenceModel> LoadAsync(string path) =>
        Engine.LoadModelAsync(new ModelOptions { Path = path }, progress: null, Cancellation);

    private static (string Text, bool Ended) Generate(IInferenceModel model, string prompt, int limit)
    {
        using IInferenceContext context = model.CreateContext(new ContextOptions { ContextSize = 512, Threads = 1 });
        using ISampler greedy = model.CreateSampler(new SamplingOptions { Temperature = 0 });
        var bytes = new List<byte>();
        int[] pending = model.Tokenizer.Tokenize(prompt, parseSpecial: true);
        var batch = new TokenBatch(context.BatchSize);
        for (int position = 0, count = 0; count < limit; count++)
        {
            batch.Clear();
            int row = 0;
            for (int i = 0; i < pending.Length; i++)
                row = batch.Add(pending[i], position++, sequence: 0, output: i == pending.Length - 1);
            Assert.Equal(DecodeResult.Done, context.Decode(batch, Cancellation));
            int token = context.Sample(greedy, row);
            if (model.Tokenizer.IsEndOfGeneration(token))
                return (Encoding.UTF8.GetString([.. bytes]), true);
            bytes.AddRange(model.Tokenizer.GetBytes(token));
            pending = [token];
        }

        return (Encoding.UTF8.GetString([.. bytes]), false);
    }

    private static float[] Embed(IInferenceModel model, string text)
    {
        using IInferenceContext context = model.CreateContext(new ContextOptions { ContextSize = 256, Threads = 1, Embeddings = true });
        var batch = new TokenBatch(context.BatchSize);
        int position = 0;
        foreach (int token in model.Tokenizer.Tokenize(text, parseSpecial: false))
            batch.Add(token, position++, sequence: 0, output: true);
        Assert.Equal(DecodeResult.Done, context.Decode(batch, Cancellation));
        return context.GetEmbedding(0).ToArray();
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
