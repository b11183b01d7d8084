using System.Reflection;
using System.Runtime.InteropServices;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;
using RedisInfer.LLamaSharp;
using RedisInfer.Tests.Integration.Inference;

namespace RedisInfer.Tests.LLamaSharp;

/// <summary>What LLamaSharp's engine does beyond the suites of the port.</summary>
public sealed class LLamaSharpEngineTests(LLamaSharpUnderTest engine)
{
    [Fact]
    public void EngineIsNamedAfterItsRelease()
    {
        Assert.Equal("LLamaSharp 0.30.0", engine.Engine.Name);
        Assert.Equal("LLamaSharp", engine.Text.Info.Engine);
    }

    [Fact]
    public void StatesOfTheEnginesHaveDifferentFingerprints()
    {
        var options = new ContextOptions { ContextSize = 256 };
        string own = ModelFingerprint.OfModel(
            [(engine.TextPath, GgufReader.Read(engine.TextPath))], "llama.cpp v0.4.0", TestContext.Current.CancellationToken);
        string sharp = ModelFingerprint.OfModel(
            [(engine.TextPath, GgufReader.Read(engine.TextPath))], engine.Engine.Name, TestContext.Current.CancellationToken);

        Assert.NotEqual(own, sharp);
        Assert.Equal(sharp, engine.Text.Info.Fingerprint);
        Assert.StartsWith(sharp, engine.Text.GetStateFingerprint(options), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherEngineInTheSameProcessIsRefused()
    {
        _ = engine.Engine.Name;

        RedisInferException thrown = Assert.Throws<RedisInferException>(() => new LlamaEngine().Name);

        Assert.Equal(RedisInferErrorCode.NativeLibraryMissing, thrown.Code);
        Assert.Contains("'LLamaSharp'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("one build", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComputeThreadsAreKeptAndPinned()
    {
        _ = engine.Engine.Name;
        var library = LoadedLibrary.Find();
        Assert.NotEqual(0, library.NewThreads);
        Assert.NotEqual(0, library.FreeThreads);
        int threads = Math.Min(2, Environment.ProcessorCount);
        int[] tokens = engine.Text.Tokens("Backups are kept for 31 days.");
        using IInferenceContext alone = engine.Text.Context();
        float[] expected = alone.LogitsAfter(0, tokens);

        using IInferenceContext context = engine.Text.CreateContext(new ContextOptions { ContextSize = 256, Threads = threads, PinThreads = true });

        InferenceSteps.AssertClose(expected, context.LogitsAfter(0, tokens));
    }

    [Fact]
    public void ContextThatLlamaRefusesKeepsNoReferenceToItsModel()
    {
        _ = engine.Engine.Name;
        using BoundModel model = new LLamaSharpBinding().LoadModel(engine.TextPath, new ModelLoadSettings
        {
            GpuLayers = 0,
            VocabularyOnly = false,
            WithoutSpacePrefix = false,
            Continue = _ => true,
        })!;

        // llama.cpp keeps such values with flash attention only.
        BoundContext? context = model.CreateContext(new ContextSettings
        {
            Cells = 256,
            BatchSize = 64,
            MicroBatchSize = 64,
            Sequences = 1,
            OutputRows = 32,
            Threads = 1,
            Cpus = [],
            FlashAttention = false,
            KvType = KvType.Q8_0,
            Embeddings = false,
            Ranking = false,
            SharedCells = true,
        });

        Assert.Null(context);
        Assert.Equal(1, References(((SharpModel)model).Model));
    }

    [Fact]
    public async Task LayersOnAGpuThatIsNotThereAreComputedOnTheCpu()
    {
        using IInferenceModel model = await engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath, GpuLayers = 99 }, null, TestContext.Current.CancellationToken);
        using IInferenceContext context = model.Context();

        Assert.NotEmpty(context.LogitsAfter(0, model.Tokens("Backups")));
    }

    // The two lowest bits say whether the handle is closed and disposed of.
    private static int References(SafeHandle handle) =>
        (int)typeof(SafeHandle).GetField("_state", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(handle)! >> 2;
}
