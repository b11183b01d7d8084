namespace RedisInfer.Tests.Integration.Corpus.Snapshot;

/// <summary>What a document was and when. A change takes a while, in which the document may be what it was or what it is to be.</summary>
internal sealed class DocumentHistory
{
    private readonly Lock _gate = new();
    private readonly List<(string[] Chunks, long From, long Until)> _states = [([], 0, long.MaxValue)];

    /// <summary>The chunks it has now; none where there is no such document. For whoever changes it.</summary>
    public string[] Chunks
    {
        get
        {
            lock (_gate)
                return _states[^1].Chunks;
        }
    }

    /// <summary>It may be something else from now on.</summary>
    public void Begin(string[] chunks, long now)
    {
        lock (_gate)
            _states.Add((chunks, now, long.MaxValue));
    }

    /// <summary>It is what it was to become.</summary>
    public void End(long now)
    {
        lock (_gate)
            _states[^2] = _states[^2] with { Until = now };
    }

    /// <summary>All that it may have been for a question asked and answered at these times.</summary>
    public string[][] Between(long asked, long answered)
    {
        lock (_gate)
            return [.. _states.Where(state => state.From <= answered && state.Until >= asked).Select(state => state.Chunks)];
    }
}
