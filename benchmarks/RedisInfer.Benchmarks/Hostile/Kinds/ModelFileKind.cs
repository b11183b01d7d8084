using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>GGUF files: odd metadata, vocabularies, tensor lists and damaged bytes. A file that loads is used as the library uses one.</summary>
internal sealed class ModelFileKind : IHostileKind
{
    private const int MostText = 300;

    private readonly LlamaEngine _engine = new();
    private readonly TempFolder _folder = new();
    private GgufModel[] _models = [];

    public Task PrepareAsync()
    {
        _models =
        [
            .. new[] { TinyQwen3.Text(), TinyQwen3.Embedding(), TinyBert.Embedding(), TinyMamba.Text() }.Select(ModelDamage.Keep),
            ModelDamage.WithScoredVocabulary(ModelDamage.Keep(TinyQwen3.Text())),
        ];
        return Task.CompletedTask;
    }

    public async Task RunAsync(Random random)
    {
        string path = _folder["model.gguf"];
        await File.WriteAllBytesAsync(path, ModelDamage.Make(random, random.Pick(_models)));
        using IInferenceModel model = await _engine.LoadModelAsync(new ModelOptions { Path = path }, null, CancellationToken.None);
        var options = new ContextOptions
        {
            ContextSize = 256,
            MaxSequences = 2,
            BatchSize = 64,
            Threads = 1,
            Embeddings = model.Info.Pooling != EmbeddingPooling.None,
        };
        _engine.EstimateMemory(new ModelOptions { Path = path }, options);
        int[] tokens = [.. model.Tokenizer.Tokenize(OddValues.Text(random, MostText), parseSpecial: random.Chance(.5)).Take(options.BatchSize / 2)];
        for (int token = 0; token < model.Tokenizer.VocabularySize; token += 1 + random.Next(20))
        {
            _ = model.Tokenizer.GetBytes(token);
            _ = model.Tokenizer.IsEndOfGeneration(token);
        }

        using IInferenceContext context = model.CreateContext(options);
        if (tokens.Length > 0)
        {
            Compute(model, context, tokens, options.Embeddings);
        }

        if (!options.Embeddings && random.Chance(.5))
        {
            ConversationRenderer.Of(model).Render([new ChatTurn("system", "Be brief."), new ChatTurn("user", OddValues.Text(random, MostText))], enableThinking: true, DateOnly.MinValue);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Compute(IInferenceModel model, IInferenceContext context, int[] tokens, bool embeddings)
    {
        int row = Append(context, tokens);
        if (embeddings)
        {
            _ = context.GetEmbedding(0);
            return;
        }

        using ISampler sampler = model.CreateSampler(new SamplingOptions { Temperature = 1, Seed = 1 });
        Append(context, [context.Sample(sampler, row)]);
        if (!context.CanSplitSequences)
        {
            return;
        }

        byte[] state = new byte[context.GetStateSize(0)];
        context.LoadState(1, state.AsSpan(0, context.SaveState(0, state)));
        context.RemoveSequence(0, 1);
        context.ShiftSequence(1, 0, -1, 1);
        Append(context, [0]);
    }

    private static int Append(IInferenceContext context, int[] tokens)
    {
        var batch = new TokenBatch(tokens.Length);
        int start = context.GetSequenceLength(0);
        int row = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            row = batch.Add(tokens[i], start + i, 0, output: i == tokens.Length - 1);
        }

        context.Decode(batch, CancellationToken.None);
        return row;
    }
}
