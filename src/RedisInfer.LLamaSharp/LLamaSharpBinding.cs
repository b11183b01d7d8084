using System.Reflection;
using System.Text;
using LLama.Exceptions;
using LLama.Native;
using RedisInfer.Llama.Binding;

namespace RedisInfer.LLamaSharp;

/// <summary>Calls llama.cpp through LLamaSharp's public API, and through LLamaSharp's libraries where that API is too narrow.</summary>
internal sealed unsafe class LLamaSharpBinding : ILlamaBinding
{
    private static readonly Lock Gate = new();
    private static LlamaBuild? _build;
    private static LoadedLibrary? _library;

    // LLamaSharp keeps one log callback.
    private static volatile LlamaLogReceiver? _log;

    /// <summary>The release of LLamaSharp, which decides the release of llama.cpp in its backends.</summary>
    internal static string Release { get; } =
        typeof(NativeApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? typeof(NativeApi).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public string EngineName => "LLamaSharp";

    /// <inheritdoc/>
    public LlamaBuild Open(LlamaLogReceiver log)
    {
        lock (Gate)
        {
            _log = log;
            return _build ??= Open_NeedsLock();
        }
    }

    /// <inheritdoc/>
    public BoundModel? LoadModel(string path, ModelLoadSettings settings)
    {
        LlamaProgressCallback onProgress = (share, _) => settings.Continue(share);
        LLamaModelMetadataOverride* overrides = stackalloc LLamaModelMetadataOverride[2];
        new Span<byte>(overrides, 2 * sizeof(LLamaModelMetadataOverride)).Clear();
        overrides->Tag = LLamaModelKvOverrideType.Bool;
        "tokenizer.ggml.add_space_prefix"u8.CopyTo(new Span<byte>(overrides->key, 128));

        LLamaModelParams parameters = LLamaModelParams.Default();
        parameters.n_gpu_layers = settings.GpuLayers;
        parameters.vocab_only = settings.VocabularyOnly;
        parameters.progress_callback = onProgress;
        parameters.kv_overrides = settings.WithoutSpacePrefix ? overrides : null;
        try
        {
            return new SharpModel(SafeLlamaModelHandle.LoadFromFile(path, parameters), settings.GpuLayers > 0, _library!);
        }
        catch (LoadWeightsFailedException)
        {
            return null;
        }
        finally
        {
            GC.KeepAlive(onProgress);
        }
    }

    private static LlamaBuild Open_NeedsLock()
    {
        // Set before anything is loaded: LLamaSharp tells it which files it tries.
        var attempts = new StringBuilder();
        NativeLogConfig.llama_log_set((level, text) =>
        {
            if (_build is null)
            {
                attempts.Append(text);
            }

            _log?.Invoke((int)level, text);
        });
        try
        {
            NativeApi.llama_empty_call();
        }
        catch (Exception exception) when (exception is TypeInitializationException or RuntimeError or DllNotFoundException or BadImageFormatException)
        {
            throw LLamaSharpErrors.NotOpened(exception);
        }

        _library = LoadedLibrary.Find();
        return new LlamaBuild
        {
            Name = $"LLamaSharp {Release}",
            Location = _library.Path,
            SupportsGpu = NativeApi.llama_supports_gpu_offload(),
            MaxSequences = checked((int)NativeApi.llama_max_parallel_sequences()),
        };
    }
}
