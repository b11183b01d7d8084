namespace RedisInfer;

/// <summary>
/// How much a document may cost to read. A document over a limit is skipped with the reason. <see cref="FileTreeOptions.MaxFileBytes"/>
/// limits the size of its file.
/// </summary>
public sealed class DocumentLimits
{
    internal const long MaxMaxTextBytes = 1L << 30;
    internal const int MaxMaxDepth = 4096;

    /// <summary>
    /// Most bytes that a document may become: its text, and what has to be unpacked for it, 1 to 1073741824. Default: 64 MiB.
    /// </summary>
    public long MaxTextBytes { get; set; } = 64L << 20;

    /// <summary>How deep elements, attachments and archives may be nested, 1 to 4096. Default: 256.</summary>
    public int MaxDepth { get; set; } = 256;

    /// <summary>How long reading a document may take; more than 0, at most a day. Default: a minute.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromMinutes(1);

    internal IEnumerable<string> Validate()
    {
        if (MaxTextBytes is < 1 or > MaxMaxTextBytes)
            yield return $"MaxTextBytes is {MaxTextBytes}: set it to 1 to {MaxMaxTextBytes} bytes.";
        if (MaxDepth is < 1 or > MaxMaxDepth)
            yield return $"MaxDepth is {MaxDepth}: set it to 1 to {MaxMaxDepth}.";
        if (MaxTime <= TimeSpan.Zero || MaxTime > TimeSpan.FromDays(1))
            yield return $"MaxTime is {MaxTime}: set it to more than 0, at most a day.";
    }
}
