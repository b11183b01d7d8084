using System.Numerics.Tensors;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// Calls of the inference port, over real llama.cpp: batches, sequence ids, ranges, states, texts, sampler and context settings. An input
/// is several calls in a row. After it, the context must still compute what it computed before.
/// </summary>
internal sealed class PortKind : IHostileKind
{
    private const int MostCalls = 12;
    private const int MostText = 3000;

    // Other cells of the cache change the order of a sum, and so its last bits.
    private const float MostDistance = .02f;

    private readonly List<PortTarget> _targets = [];
    private readonly List<IInferenceModel> _models = [];

    public async Task PrepareAsync()
    {
        var engine = new LlamaEngine();
        foreach (string path in (string[])[TestModels.Text, TestModels.Recurrent, TestModels.Qwen3Embedding, TestModels.BertEmbedding])
        {
            IInferenceModel model = await engine.LoadModelAsync(new ModelOptions { Path = path }, null, CancellationToken.None);
            _models.Add(model);
            _targets.Add(PortTarget.Create(model, separate: false));
        }

        _targets.Add(PortTarget.Create(_models[0], separate: true));
    }

    public Task RunAsync(Random random)
    {
        PortTarget target = random.Chance(.7) ? _targets[random.Chance(.5) ? 0 : ^1] : random.Pick(_targets);
        Exception? refusal = null;
        for (int call = random.Next(MostCalls); call >= 0; call--)
        {
            try
            {
                Call(random, target);
            }
            catch (Exception e) when (ErrorClarity.IsClear(e))
            {
                // A refused call changes nothing, so the next one follows.
                refusal = e;
            }
        }

        target.Clear();
        float[] seen = target.Look();
        float distance = TensorPrimitives.Distance<float>(seen, target.Expected) / TensorPrimitives.Norm<float>(target.Expected);
        if (distance < MostDistance)
        {
            return refusal is null ? Task.CompletedTask : Task.FromException(refusal);
        }

        // The next input must not suffer for this one.
        _targets[_targets.IndexOf(target)] = target.Renew();
        throw new InvalidDataException($"After the calls, the context computes something else (distance {distance}). {refusal?.Message}");
    }

    public ValueTask DisposeAsync()
    {
        _targets.ForEach(target => target.Context.Dispose());
        _models.ForEach(model => model.Dispose());
        return ValueTask.CompletedTask;
    }

    private static void Call(Random random, PortTarget target)
    {
        switch (random.Next(14))
        {
            case 0 or 1 or 2 or 3:
                Decode(random, target);
                break;
            case 4:
                Sample(random, target);
                break;
            case 5:
                target.Context.RemoveSequence(Sequence(random, target), Position(random), Position(random));
                break;
            case 6:
                target.Context.CopySequence(Sequence(random, target), Sequence(random, target), Position(random), Position(random));
                break;
            case 7:
                target.Context.ShiftSequence(Sequence(random, target), Position(random), Position(random), OddValues.Int32(random));
                break;
            case 8 or 9:
                MoveState(random, target);
                break;
            case 10:
                Tokenize(random, target.Model);
                break;
            case 11:
                CreateContext(random, target.Model);
                break;
            case 12:
                Template(random, target.Model);
                break;
            default:
                ReadRows(random, target);
                break;
        }
    }

    private static void Decode(Random random, PortTarget target)
    {
        var batch = new TokenBatch(random.Chance(.1) ? 1 + random.Next(200) : 1 + random.Next(30));
        int[] next = [.. Enumerable.Range(0, target.Context.MaxSequences).Select(target.Context.GetSequenceLength)];
        double lies = random.Pick((double[])[0, 0, .02, .5]);
        for (int rows = random.Chance(.5) ? batch.Capacity : random.Next(batch.Capacity + 1); rows > 0; rows--)
        {
            int sequence = random.Chance(lies) ? OddValues.Int32(random) : random.Next(target.Context.MaxSequences);
            int known = sequence >= 0 && sequence < next.Length ? next[sequence]++ : 0;
            batch.Add(
                random.Chance(lies) ? OddValues.Int32(random) : random.Next(target.Model.Info.VocabularySize),
                random.Chance(lies) ? OddValues.Int32(random) : known,
                sequence,
                output: random.Chance(.2));
        }

        using var stop = new CancellationTokenSource();
        if (random.Chance(.05))
        {
            stop.Cancel();
        }

        target.Context.Decode(batch, random.Chance(.2) ? stop.Token : CancellationToken.None);
    }

    private static void Sample(Random random, PortTarget target)
    {
        using ISampler sampler = target.Model.CreateSampler(OddRequests.Sampling(random));
        for (int i = 0; i < 3; i++)
        {
            target.Context.Sample(sampler, Row(random));
        }
    }

    private static void MoveState(Random random, PortTarget target)
    {
        int sequence = Sequence(random, target);
        long size = target.Context.GetStateSize(sequence);
        byte[] state = new byte[random.Chance(.2) ? Math.Max(0, size + random.Next(-100, 100)) : size];
        int written = target.Context.SaveState(sequence, state);
        byte[] moved = random.Chance(.3) ? OddValues.Damage(random, state[..written]) : state[..written];
        if (random.Chance(.5))
        {
            target.Context.LoadState(Sequence(random, target), moved);
            return;
        }

        var run = new KvStateRun(Position(random), Position(random), new byte[random.Next(2) * state.Length]);
        target.Context.SaveStates(sequence, [run, run]);
        target.Context.LoadStates(Sequence(random, target), [moved, run.Memory]);
    }

    private static void Tokenize(Random random, IInferenceModel model)
    {
        string text = OddValues.Text(random, MostText);
        int[] tokens = model.Tokenizer.Tokenize(text, parseSpecial: random.Chance(.5));
        int count = model.Tokenizer.CountTokens(text);
        if (count < 0 || tokens.Any(token => token < 0 || token >= model.Tokenizer.VocabularySize))
        {
            throw new InvalidDataException($"The text gave {count} tokens, or a token outside of the vocabulary.");
        }

        model.Tokenizer.GetBytes(OddValues.Int32(random));
        model.Tokenizer.IsEndOfGeneration(OddValues.Int32(random));
    }

    private static void Template(Random random, IInferenceModel model) => ConversationRenderer.Of(model).Render(
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new ChatTurn(
            random.Pick((string[])["system", "user", "assistant", "", "tool", OddValues.Text(random, 100)]), OddValues.Text(random, MostText)))],
        random.Chance(.5),
        DateOnly.MinValue);

    private static void CreateContext(Random random, IInferenceModel model)
    {
        // Sizes that a machine has, or that none has: what is between takes its memory.
        int Size(int most) => random.Chance(.6) ? 1 + random.Next(most) : random.Pick((int[])[0, -1, int.MinValue, int.MaxValue, int.MaxValue - 256, 1 << 30]);
        var options = new ContextOptions
        {
            ContextSize = Size(600),
            MaxSequences = Size(20),
            BatchSize = Size(100),
            Threads = random.Chance(.8) ? 1 : OddValues.Int32(random),
            KvType = random.Chance(.9) ? random.Pick(Enum.GetValues<KvType>()) : (KvType)OddValues.Int32(random),
            FlashAttention = random.Chance(.7),
            Embeddings = random.Chance(.3),
            PinThreads = random.Chance(.2),
        };
        _ = model.GetStateFingerprint(options);
        using IInferenceContext context = model.CreateContext(options);
        _ = model.GetMaxStateBytes(options, random.Next(1000));
    }

    private static void ReadRows(Random random, PortTarget target)
    {
        if (random.Chance(.5))
        {
            _ = target.Context.GetLogits(Row(random)).Length;
        }
        else
        {
            _ = target.Context.GetEmbedding(Sequence(random, target)).Length;
        }
    }

    private static int Row(Random random) => random.Chance(.6) ? random.Next(30) : OddValues.Int32(random);

    private static int Sequence(Random random, PortTarget target) =>
        random.Chance(.9) ? random.Next(target.Context.MaxSequences) : OddValues.Int32(random);

    private static int Position(Random random) => random.Chance(.7) ? random.Next(-1, 40) : OddValues.Int32(random);
}
