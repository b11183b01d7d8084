using System.Collections.Concurrent;

namespace RedisInfer.Hosting;

/// <summary>Collects what a look at a runtime finds. A check that took too long may still add to it.</summary>
internal sealed class HealthFindings
{
    private readonly ConcurrentQueue<(RagHealthState State, string Problem)> _problems = new();
    private readonly ConcurrentDictionary<string, object> _data = new(StringComparer.Ordinal);

    /// <summary>A figure.</summary>
    /// <param name="name">Its name.</param>
    public object this[string name]
    {
        set => _data[name] = value;
    }

    /// <summary>Adds something that is wrong.</summary>
    /// <param name="state">How bad it is.</param>
    /// <param name="problem">What it is, and what to do.</param>
    public void Add(RagHealthState state, string problem) => _problems.Enqueue((state, problem));

    /// <summary>What was found so far.</summary>
    public RagHealth ToHealth()
    {
        (RagHealthState State, string Problem)[] problems = [.. _problems];
        return new RagHealth
        {
            State = problems.Select(found => found.State).Append(RagHealthState.Healthy).Min(),
            Problems = [.. problems.Select(found => found.Problem)],
            Data = new Dictionary<string, object>(_data),
        };
    }
}
