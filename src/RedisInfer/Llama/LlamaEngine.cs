using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>
/// llama.cpp as inference engine. Its libraries are opened at the first use, once per process, and stay in memory. Members may be called
/// from several threads at once.
/// </summary>
public sealed class LlamaEngine : IInferenceEngine
{
    // Libraries of two builds have files of the same names, and would call each other's functions.
    private static string? _engineOfProcess;

    private readonly ILlamaBinding _binding;
    private readonly ILogger? _logger;

    /// <summary>Creates the engine over another binding. Opens nothing yet.</summary>
    /// <param name="binding">Calls llama.cpp. A process can use one kind of binding.</param>
    /// <param name="loggerFactory">
    /// Creates the logger for llama.cpp's log, under the category <c>RedisInfer.Llama</c>. The process has one log: with several engines,
    /// the last engine used with a factory gets it. <see langword="null"/> leaves the logger unchanged. Without any logger, the log is
    /// dropped.
    /// </param>
    public LlamaEngine(ILlamaBinding binding, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        _binding = binding;
        _logger = loggerFactory?.CreateLogger("RedisInfer.Llama");
    }

    /// <summary>Creates the engine over llama.cpp's own libraries.</summary>
    /// <param name="options">Where they are; <see langword="null"/> for those of the package.</param>
    /// <param name="loggerFactory">As above.</param>
    internal LlamaEngine(LlamaOptions? options = null, ILoggerFactory? loggerFactory = null)
        : this(new LlamaCppBinding(options?.NativeLibraryDirectory), loggerFactory)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="Errors.RedisInferException">The libraries cannot be opened. The release is read from them.</exception>
    public string Name => Open().Name;

    /// <inheritdoc/>
    public MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        return LlamaModelLoader.EstimateMemory(model.Path, context);
    }

    /// <inheritdoc/>
    public async Task<IInferenceModel> LoadModelAsync(
        ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        Check(options, cancellationToken);
        return await RunAsync(() => LlamaModelLoader.Load(_binding, Open(), options, progress, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<LoadedTokenizer?> LoadTokenizerAsync(ModelOptions options, CancellationToken cancellationToken)
    {
        Check(options, cancellationToken);
        return await RunAsync(
            () =>
            {
                Open();
                return LlamaModelLoader.LoadTokenizer(_binding, options, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void Check(ModelOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Path);
        ArgumentOutOfRangeException.ThrowIfNegative(options.GpuLayers);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Loading reads gigabytes and calls back from native code all the time, so it gets a thread of its own.</summary>
    private static Task<T> RunAsync<T>(Func<T> load, CancellationToken cancellationToken) => Task.Factory.StartNew(
        load, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private LlamaBuild Open()
    {
        if (_logger is not null)
        {
            LlamaLog.Logger = _logger;
        }

        string first = Interlocked.CompareExchange(ref _engineOfProcess, _binding.EngineName, null) ?? _binding.EngineName;
        return first == _binding.EngineName ? _binding.Open(LlamaLog.Receive) : throw NativeErrors.OtherEngine(first, _binding.EngineName);
    }
}
