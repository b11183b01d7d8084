using LLama.Exceptions;
using LLama.Native;
using RedisInfer.Llama.Binding;

namespace RedisInfer.LLamaSharp;

/// <summary>Calls llama.cpp through LLamaSharp's public API, and through LLamaSharp's libraries where that API is too narrow.</summary>
internal sealed unsafe class LLamaSharpBinding : ILlamaBinding
{
    /// <summary>The release of LLamaSharp that this package was built for. It decides the release of llama.cpp.</summary>
    internal const string Release = "0.30.0";

    private static readonly Lock Gate = new();
    private static LlamaBuild? _build;
    private static LoadedLibrary? _library;

    // LLamaSharp keeps one log callback.
    private static volatile LlamaLogReceiver? _log;

    // LLamaSharp's assembly bears no version. This identity changes with every build of it.
    private static readonly Guid BuildOfRelease = new("d9a8d2ba-5592-4288-9804-6d95a996edaa");

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
        if (typeof(NativeApi).Module.ModuleVersionId != BuildOfRelease)
        {
            throw LLamaSharpErrors.OtherRelease();
        }

        // Set before anything is loaded: LLamaSharp tells it which files it tries.
        NativeLogConfig.llama_log_set((level, text) => _log?.Invoke((int)level, text));
        try
        {
            NativeApi.llama_empty_call();
        }
        catch (Exception exception) when (exception is TypeInitializationException or RuntimeError or DllNotFoundException or BadImageFormatException)
        {
            throw LLamaSharpErrors.NotOpened(exception);
        }

        _library = LoadedLibrary.Find();
        if (!HasKnownDefaults())
        {
            throw LLamaSharpErrors.OtherBackend(_library.Path);
        }

        return new LlamaBuild
        {
            Name = $"LLamaSharp {Release}",
            Location = _library.Path,
            SupportsGpu = NativeApi.llama_supports_gpu_offload(),
            MaxSequences = checked((int)NativeApi.llama_max_parallel_sequences()),
        };
    }

    // Structs have changed between releases without a change of size. If LLamaSharp finds these values, its fields are where the backend has them.
    private static bool HasKnownDefaults()
    {
        LLamaContextParams context = LLamaContextParams.Default();
        LLamaModelParams model = LLamaModelParams.Default();
        return context is
        {
            n_ctx: 512, n_batch: 2048, n_ubatch: 512, n_seq_max: 1, n_outputs_max: 0, n_threads: 4, n_threads_batch: 4, yarn_ext_factor: -1f,
            type_k: GGMLType.GGML_TYPE_F16, type_v: GGMLType.GGML_TYPE_F16, abort_callback: 0, embeddings: false, offload_kqv: true,
            op_offload: true, swa_full: true, kv_unified: false, samplers: 0,
        } && model is { n_gpu_layers: -1, main_gpu: 0, progress_callback: null, vocab_only: false, check_tensors: false, use_extra_bufts: true };
    }
}
