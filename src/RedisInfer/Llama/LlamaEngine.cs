using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>
/// llama.cpp as inference engine. Its libraries are opened at the first use, once per process, and stay in memory. Members may be called
/// from several threads at once.
/// </summary>
internal sealed class LlamaEngine : IInferenceEngine
{
    /// <summary>Name of the engine without its release.</summary>
    internal const string EngineName = "llama.cpp";

    private readonly LlamaOptions _options;
    private readonly ILogger? _logger;

    /// <summary>Creates the engine. Opens nothing yet.</summary>
    /// <param name="options">Where its libraries are; <see langword="null"/> for those of the package.</param>
    /// <param name="loggerFactory">
    /// Creates the logger for llama.cpp's log, under the category <c>RedisInfer.Llama</c>. The process has one log: with several engines,
    /// the last engine used with a factory gets it. <see langword="null"/> leaves the logger unchanged. Without any logger, the log is
    /// dropped.
    /// </param>
    public LlamaEngine(LlamaOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        _options = options ?? new LlamaOptions();
        _logger = loggerFactory?.CreateLogger("RedisInfer.Llama");
    }

    /// <inheritdoc/>
    /// <exception cref="Errors.RedisInferException">The libraries cannot be opened. The release is read from them.</exception>
    public string Name => $"{EngineName} v{Open().Version}";

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
        return await RunAsync(() => LlamaModelLoader.Load(Open(), options, progress, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<LoadedTokenizer?> LoadTokenizerAsync(ModelOptions options, CancellationToken cancellationToken)
    {
        Check(options, cancellationToken);
        return await RunAsync(() => LlamaModelLoader.LoadTokenizer(Open(), options, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
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

    private LlamaLibrary Open()
    {
        if (_logger is not null)
        {
            LlamaLog.Logger = _logger;
        }

        return LlamaLibrary.Open(_options.NativeLibraryDirectory);
    }
}
