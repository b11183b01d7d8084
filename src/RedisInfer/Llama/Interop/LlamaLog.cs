using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// Takes llama.cpp's log, which is one for the whole process, to an <see cref="ILogger"/>: the one of the engine that set it
/// last. Lines come from any thread.
/// </summary>
internal static unsafe class LlamaLog
{
    /// <summary>Most problems kept of one call, to be put into its exception.</summary>
    private const int MaxCapturedLines = 8;

    /// <summary>A line longer than this is cut: a vocabulary entry or a template can be megabytes.</summary>
    private const int MaxLineChars = 2_000;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static int _level;

    [ThreadStatic]
    private static List<string>? _captured;

    [ThreadStatic]
    private static CancellationToken _cancellation;

    private static volatile ILogger _logger = NullLogger.Instance;

    /// <summary>Where lines go from now on.</summary>
    internal static ILogger Logger
    {
        get => _logger;
        set => _logger = value;
    }

    /// <summary>Makes llama.cpp log here. To be called before anything else of it: it logs to stderr until then.</summary>
    internal static void Install() => LlamaNative.llama_log_set(&OnLine, null);

    /// <summary>Starts to keep the warnings and errors logged on this thread.</summary>
    internal static void StartCapture() => _captured = [];

    /// <summary>Ends it.</summary>
    /// <returns>The lines, oldest first, in one text; empty where there were none.</returns>
    internal static string EndCapture()
    {
        List<string>? captured = _captured;
        _captured = null;
        return captured is null ? "" : string.Join(" | ", captured);
    }

    /// <summary>What may stop the call that follows on this thread: llama.cpp reports it as errors, and the caller asked for it.</summary>
    internal static void ExpectAbort(CancellationToken cancellation) => _cancellation = cancellation;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(int level, byte* text, void* userData)
    {
        // No exception may travel through native frames. A logger that throws loses its line.
        try
        {
            Append(level, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
        catch (Exception)
        {
            _line?.Clear();
        }
    }

    private static void Append(int level, ReadOnlySpan<byte> text)
    {
        StringBuilder line = _line ??= new StringBuilder();
        if (level != LlamaConstants.GGML_LOG_LEVEL_CONT)
        {
            _level = level;
        }

        bool ended = text.Length > 0 && text[^1] == (byte)'\n';
        if (line.Length < MaxLineChars)
        {
            line.Append(Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxLineChars)]));
        }

        if (!ended)
        {
            return;
        }

        string message = line.ToString().TrimEnd();
        line.Clear();
        if (message.Length == 0)
        {
            return;
        }

        if (_level >= LlamaConstants.GGML_LOG_LEVEL_WARN && _captured is { Count: < MaxCapturedLines } captured)
        {
            captured.Add(message);
        }

        bool isFalseAlarm = _cancellation.IsCancellationRequested || IsFalseAlarm(message);
        _logger.Log(isFalseAlarm ? LogLevel.Debug : ToLogLevel(_level), "{LlamaMessage}", message);
    }

    // The cells of a context are shared by sequences that each stay within what the model was trained for.
    private static bool IsFalseAlarm(string message) => message.Contains("possible training context overflow", StringComparison.Ordinal);

    // llama.cpp tells at its level "info" every tensor and setting: that is what others call debug.
    private static LogLevel ToLogLevel(int level) => level switch
    {
        LlamaConstants.GGML_LOG_LEVEL_ERROR => LogLevel.Error,
        LlamaConstants.GGML_LOG_LEVEL_WARN => LogLevel.Warning,
        LlamaConstants.GGML_LOG_LEVEL_INFO => LogLevel.Debug,
        _ => LogLevel.Trace,
    };
}
