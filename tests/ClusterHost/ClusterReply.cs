namespace RedisInfer.Tests.ClusterHost;

/// <summary>A line that a host writes to its standard output.</summary>
/// <param name="Id">The command that it replies to; 0: the host is ready.</param>
public sealed record ClusterReply(int Id)
{
    /// <summary>A piece of text.</summary>
    public string? Piece { get; init; }

    /// <summary>Whether it is the last reply to its command.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Why the command failed: a code or the name of an exception, and a message.</summary>
    public string? Error { get; init; }

    /// <summary>The text of the complete answer.</summary>
    public string? Text { get; init; }

    public RagRoute? Route { get; init; }

    public RagTimings? Timings { get; init; }

    public RagUsage? Usage { get; init; }

    public IReadOnlyList<RagCitation> Citations { get; init; } = [];

    /// <summary>Tokens of the passages in the prompt.</summary>
    public int PassageTokens { get; init; }

    /// <summary>Tokens whose KV states came from Redis.</summary>
    public int RestoredTokens { get; init; }

    /// <summary>Requests that run or wait on the host.</summary>
    public int Load { get; init; }

    public long Answered { get; init; }

    public long Cancelled { get; init; }

    /// <summary>Silos that answer for the host's runtime, itself included.</summary>
    public int Hosts { get; init; }
}
