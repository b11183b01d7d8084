namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The order of faults. Each comes once before any comes twice; kills come in between.</summary>
internal sealed class FaultPlan(IReadOnlyList<FaultKind> serverFaults, Random random)
{
    // The other faults take longer than kills and lose less.
    private const int KillRoundsOfACycle = 6;

    private readonly Queue<FaultKind> _next = new();
    private bool _isFirst = true;
    private int _leftOfFirst;

    /// <summary>Whether every fault has occurred.</summary>
    public bool HadAll => !_isFirst && _leftOfFirst == 0;

    public FaultKind Next()
    {
        if (_next.Count == 0)
            Refill();
        if (_leftOfFirst > 0)
            _leftOfFirst--;
        return _next.Dequeue();
    }

    private void Refill()
    {
        List<FaultKind> all = [.. serverFaults, FaultKind.Clock, FaultKind.Kill];
        if (_isFirst)
            _leftOfFirst = all.Count;
        else
            all.AddRange(Enumerable.Repeat(FaultKind.Kill, KillRoundsOfACycle));
        _isFirst = false;
        FaultKind[] mixed = [.. all];
        random.Shuffle(mixed);
        foreach (FaultKind kind in mixed)
        {
            _next.Enqueue(kind);
        }
    }
}
