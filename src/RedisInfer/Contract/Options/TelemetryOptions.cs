namespace RedisInfer;

/// <summary>What telemetry contains.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Whether spans have the question and the answer, as <c>gen_ai.input.messages</c> and <c>gen_ai.output.messages</c>. They may be
    /// personal. Default: <see langword="false"/>: spans have no text of documents or people.
    /// </summary>
    public bool RecordTexts { get; set; }
}
