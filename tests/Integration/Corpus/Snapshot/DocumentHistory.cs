namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>The states of one document over time. During a change, the document may be in its old or in its new state.</summary>
internal sealed class DocumentHistory
{
    private readonly Lock _gate = new();
    private readonly List<(string[] Chunks, long From, long Until)> _states = [([], 0, long.MaxValue)];

    /// <summary>The current chunks; empty if the document does not exist. Only for the writer that changes the document.</summary>
    public string[] Chunks
    {
        get
        {
            lock (_gate)
                return _states[^1].Chunks;
        }
    }

    /// <summary>Starts a change: from now on, the document may have these chunks.</summary>
    public void Begin(string[] chunks, long now)
    {
        lock (_gate)
            _states.Add((chunks, now, long.MaxValue));
    }

    /// <summary>Ends the change: from now on, the document has its new chunks for certain.</summary>
    public void End(long now)
    {
        lock (_gate)
            _states[^2] = _states[^2] with { Until = now };
    }

    /// <summary>All states that a question asked and answered at these times may see.</summary>
    public string[][] Between(long asked, long answered)
    {
        lock (_gate)
            return [.. _states.Where(state => state.From <= answered && state.Until >= asked).Select(state => state.Chunks)];
    }
}
