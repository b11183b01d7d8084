using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// Forwards llama.cpp's log to an <see cref="ILogger"/>. The whole process has one log: it goes to the logger of the engine that set it
/// last. Lines come from any thread.
/// </summary>
internal static class LlamaLog
{
    /// <summary>Maximum number of problems kept from one call, for the text of its exception.</summary>
    private const int MaxCapturedLines = 8;

    /// <summary>A longer line is cut: a vocabulary entry or a chat template can take megabytes.</summary>
    private const int MaxLineChars = 2_000;

    private static readonly EventId Event = new(600, "LlamaMessage");

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static int _level;

    [ThreadStatic]
    private static List<string>? _captured;

    [ThreadStatic]
    private static CancellationToken _cancellation;

    private static volatile ILogger _logger = NullLogger.Instance;

    /// <summary>The logger that receives all lines from now on.</summary>
    internal static ILogger Logger
    {
        get => _logger;
        set => _logger = value;
    }

    /// <summary>Starts to capture the warnings and errors logged on this thread.</summary>
    internal static void StartCapture() => _captured = [];

    /// <summary>Ends the capture.</summary>
    /// <returns>The lines in one text, oldest first; empty if none were logged.</returns>
    internal static string EndCapture()
    {
        List<string>? captured = _captured;
        _captured = null;
        return captured is null ? "" : string.Join(" | ", captured);
    }

    /// <summary>
    /// Sets the token that may stop the next call on this thread. llama.cpp reports the abort as errors, although the caller asked for it.
    /// </summary>
    internal static void ExpectAbort(CancellationToken cancellation) => _cancellation = cancellation;

    /// <summary>Takes what llama.cpp logs (<see cref="Binding.LlamaLogReceiver"/>).</summary>
    internal static void Receive(int level, string text)
    {
        // No exception may cross native frames. If the logger throws, the line is lost.
        try
        {
            Append(level, text);
        }
        catch (Exception)
        {
            _line?.Clear();
        }
    }

    private static void Append(int level, string text)
    {
        StringBuilder line = _line ??= new StringBuilder();
        if (level != LlamaConstants.GGML_LOG_LEVEL_CONT)
        {
            _level = level;
        }

        bool ended = text.EndsWith('\n');
        if (line.Length < MaxLineChars)
        {
            line.Append(text, 0, Math.Min(text.Length, MaxLineChars));
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
        _logger.Log(isFalseAlarm ? LogLevel.Debug : ToLogLevel(_level), Event, "{LlamaMessage}", message);
    }

    // All sequences share the cells of a context. Each sequence stays within the length that the model was trained with.
    private static bool IsFalseAlarm(string message) => message.Contains("possible training context overflow", StringComparison.Ordinal);

    // At its level "info" llama.cpp logs every tensor and setting, which other software logs as debug.
    private static LogLevel ToLogLevel(int level) => level switch
    {
        LlamaConstants.GGML_LOG_LEVEL_ERROR => LogLevel.Error,
        LlamaConstants.GGML_LOG_LEVEL_WARN => LogLevel.Warning,
        LlamaConstants.GGML_LOG_LEVEL_INFO => LogLevel.Debug,
        _ => LogLevel.Trace,
    };
}
