using System.Numerics.Tensors;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// KV blobs with a valid seal whose bytes lie: what an owner of the key, or a broken writer, can store. A blob that is loaded is used. After
/// each input, another sequence must still compute what it computed before. If a blob made its own sequence compute logits that are not
/// finite, that is so in another context. The port says that the first is spoiled, and the scheduler creates another too.
/// </summary>
internal sealed class KvStateKind : IHostileKind
{
    private const int Target = 1;
    private const int Other = 2;
    private const int Witness = 3;

    // Other cells of the cache change the order of a sum, and so its last bits.
    private const float MostDistance = .02f;

    private static readonly ContextOptions Options = new() { ContextSize = 256, MaxSequences = 4, BatchSize = 256, Threads = 1 };

    private readonly List<(IInferenceContext Context, float[] Expected, ContextOptions Options)> _contexts = [];
    private readonly List<byte[]> _states = [];
    private readonly KvIdentity _identity = new("a secret that the liar knows"u8, "hostile", "");
    private IInferenceModel? _model;
    private int[] _witness = [];

    public async Task PrepareAsync()
    {
        _model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = TestModels.Text }, null, CancellationToken.None);
        _witness = _model.Tokenizer.Tokenize("How long are backups kept?", parseSpecial: false);
        foreach (ContextOptions options in (ContextOptions[])[
            Options,
            Options with { FlashAttention = false },
            Options with { KvType = KvType.Q8_0 },
            Options with { ContextSize = 4 * Options.ContextSize, SeparateSequences = true }])
        {
            IInferenceContext context = _model.CreateContext(options);
            _contexts.Add((context, Look(context), options));
            foreach (int length in (int[])[1, 8, 100, 250])
            {
                Append(context, Target, Enumerable.Range(300, length));
                _states.Add(Save(context, Target));
                context.RemoveSequence(Target);
            }

            Append(context, Target, Enumerable.Range(300, 8));
            context.ShiftSequence(Target, 0, -1, 1000);
            _states.Add(Save(context, Target));
            context.RemoveSequence(Target);
        }
    }

    public Task RunAsync(Random random)
    {
        int index = random.Next(_contexts.Count);
        (IInferenceContext context, float[] expected, _) = _contexts[index];
        Exception? refusal = null;
        try
        {
            Use(random, context, KvStateDamage.Make(random, random.Pick(_states)));
        }
        catch (Exception e)
        {
            refusal = e;
            if (e is RedisInferException { Code: RedisInferErrorCode.DecodeFailed })
            {
                // Logits that are not finite. The port says what to do.
                context = Replace(index);
            }
        }

        for (int sequence = 0; sequence < context.MaxSequences; sequence++)
        {
            context.RemoveSequence(sequence);
        }

        float[] seen = Look(context);
        float distance = TensorPrimitives.Distance<float>(seen, expected) / TensorPrimitives.Norm<float>(expected);
        if (distance < MostDistance)
        {
            return refusal is null ? Task.CompletedTask : Task.FromException(refusal);
        }

        // The next input must not suffer for this one.
        Replace(index);
        throw new InvalidDataException($"After the blob, another sequence computes other logits (distance {distance}). {refusal?.Message}");
    }

    public ValueTask DisposeAsync()
    {
        _contexts.ForEach(one => one.Context.Dispose());
        _model?.Dispose();
        return ValueTask.CompletedTask;
    }

    private IInferenceContext Replace(int index)
    {
        (IInferenceContext context, float[] expected, ContextOptions options) = _contexts[index];
        context.Dispose();
        _contexts[index] = (_model!.CreateContext(options), expected, options);
        return _contexts[index].Context;
    }

    private void Use(Random random, IInferenceContext context, byte[] state)
    {
        // The seal is valid, so what protects native code is the check of the state.
        var block = new KvBlock(_identity.Next(_identity.Root, [state.Length]), random.Next(50), 1 + random.Next(100));
        byte[] record = new byte[state.Length + KvEnvelope.OverheadBytes];
        state.CopyTo(record.AsSpan(KvEnvelope.HeaderBytes));
        KvEnvelope.Seal(_identity, block, record);
        if (state.Length > 0 && KvEnvelope.Check(_identity, block, record) is { } problem)
        {
            throw new InvalidDataException($"The valid seal was refused: {problem}");
        }

        ReadOnlyMemory<byte> sealedState = KvEnvelope.StateOf(record);
        if (random.Chance(.5))
        {
            context.LoadState(Target, sealedState.Span);
        }
        else
        {
            context.LoadStates(Target, random.Chance(.5) ? [sealedState] : [sealedState, random.Pick(_states)]);
        }

        int length = context.GetSequenceLength(Target);
        if (length == 0)
        {
            return;
        }

        if (random.Chance(.5) && context.MaxSequenceLength == context.ContextSize)
        {
            context.CopySequence(Target, Other, random.Next(length));
        }

        if (random.Chance(.3))
        {
            context.LoadState(Other, Save(context, Target));
        }

        if (random.Chance(.3))
        {
            context.RemoveSequence(Other);
            context.ShiftSequence(Target, random.Next(length), -1, random.Next(-5, 20));
        }

        using ISampler sampler = _model!.CreateSampler(new SamplingOptions { Temperature = 1, Seed = 1 });
        int row = Append(context, Target, [300]);
        if (row >= 0)
        {
            context.Sample(sampler, row);
        }

        int end = 1 + random.Next(length);
        context.SaveStates(Target, [new KvStateRun(random.Next(end), end, new byte[state.Length + 100])]);
    }

    private float[] Look(IInferenceContext context)
    {
        float[] logits = context.GetLogits(Append(context, Witness, _witness)).ToArray();
        context.RemoveSequence(Witness);
        return logits;
    }

    private static byte[] Save(IInferenceContext context, int sequence)
    {
        byte[] state = new byte[context.GetStateSize(sequence)];
        return state[..context.SaveState(sequence, state)];
    }

    /// <summary>Returns the row of the last token; -1 if the cells are full.</summary>
    private static int Append(IInferenceContext context, int sequence, IEnumerable<int> tokens)
    {
        int[] all = [.. tokens];
        var batch = new TokenBatch(all.Length);
        int start = context.GetSequenceLength(sequence);
        for (int i = 0; i < all.Length; i++)
        {
            batch.Add(all[i], start + i, sequence, output: i == all.Length - 1);
        }

        return context.Decode(batch, CancellationToken.None) == DecodeResult.Done ? all.Length - 1 : -1;
    }
}
