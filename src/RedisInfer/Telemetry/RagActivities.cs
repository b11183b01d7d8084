using System.Diagnostics;
using RedisInfer.Errors;

namespace RedisInfer.Telemetry;

/// <summary>
/// The spans of this library. Without a listener, none is made and nothing is computed for one. A span below another names it, because what a
/// caller does between two items of a stream is not part of the stream.
/// </summary>
internal static class RagActivities
{
    /// <summary>A question, from the call to its last token.</summary>
    public const string Ask = "ask";

    /// <summary>Finding the passages of a question.</summary>
    public const string Search = "search";

    /// <summary>A wait for a place in the queue, or in the context.</summary>
    public const string Queue = "queue";

    /// <summary>Finding and loading stored KV states.</summary>
    public const string Restore = "restore";

    /// <summary>Computing the prompt, to the first token.</summary>
    public const string Prefill = "prefill";

    /// <summary>Generating, from the first token to the last.</summary>
    public const string Decode = "decode";

    /// <summary>A run of indexing.</summary>
    public const string Index = "index";

    /// <summary>Getting the next documents of a run.</summary>
    public const string Read = "read";

    /// <summary>Embedding texts of documents.</summary>
    public const string Embed = "embed";

    /// <summary>Writing a document.</summary>
    public const string Write = "write";

    private static readonly ActivitySource Source = new(RagTelemetry.Name, typeof(RagActivities).Assembly.GetName().Version?.ToString(3));

    /// <summary>Whether anyone listens.</summary>
    public static bool HasListeners => Source.HasListeners();

    /// <summary>Starts a span below the caller's.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The span; <see langword="null"/> if no listener wants it.</returns>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Works within a span below another.</summary>
    /// <param name="parent">The other; <see langword="null"/> if no listener wants it, and then this one neither.</param>
    /// <param name="name">Its name.</param>
    /// <param name="work">The work. It gets the span, or <see langword="null"/>.</param>
    /// <returns>What the work returns.</returns>
    public static async Task<T> RunBelowAsync<T>(this Activity? parent, string name, Func<Activity?, Task<T>> work)
    {
        using Activity? span = parent is null ? null : Source.StartActivity(name, ActivityKind.Internal, parent.Context);
        try
        {
            return await work(span).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            span.Fail(error);
            throw;
        }
    }

    /// <summary>Adds a span that is over.</summary>
    /// <param name="parent">The span above it.</param>
    /// <param name="name">Its name.</param>
    /// <param name="start">When it began.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="tags">Its attributes.</param>
    public static void Add(this Activity parent, string name, DateTimeOffset start, TimeSpan duration, params ReadOnlySpan<(string Name, object? Value)> tags)
    {
        Activity? before = Activity.Current;
        using Activity? span = Source.StartActivity(name, ActivityKind.Internal, parent.Context, startTime: start);
        foreach ((string tag, object? value) in tags)
        {
            span?.SetTag(tag, value);
        }

        span?.SetEndTime((start + duration).UtcDateTime);
        span?.Stop();
        Activity.Current = before;
    }

    /// <summary>Marks a span as failed. The message of the error is left out: it may name documents.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="error">The error.</param>
    public static void Fail(this Activity? activity, Exception error)
    {
        activity?.SetStatus(ActivityStatusCode.Error);
        activity?.SetTag("error.type", error is RedisInferException known ? known.Code.ToString() : error.GetType().FullName);
    }
}
