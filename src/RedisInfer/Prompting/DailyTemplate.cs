using System.Collections.Concurrent;

namespace RedisInfer.Prompting;

/// <summary>
/// Keeps the fixed parts of prompts, for each shape that was asked for. A chat template may print the date, so its prefix is rendered again
/// on the next day, and never more often: prompts of a day share their prefix. Thread-safe.
/// </summary>
internal sealed class DailyTemplate
{
    private readonly Func<PromptShape, DateOnly, PromptTemplate> _create;
    private readonly TimeProvider _time;

    // At most one for each number of earlier turns, with and without instructions.
    private readonly ConcurrentDictionary<PromptShape, PromptTemplate> _current = [];

    /// <summary>Renders the template for the current day and a question alone.</summary>
    /// <param name="create">Renders it for a shape and a day.</param>
    /// <param name="time">Says which day it is.</param>
    public DailyTemplate(Func<PromptShape, DateOnly, PromptTemplate> create, TimeProvider time)
    {
        _create = create;
        _time = time;
        Get(default);
    }

    /// <summary>The parts for a shape on the current day.</summary>
    public PromptTemplate Get(PromptShape shape)
    {
        DateOnly today = DateOnly.FromDateTime(_time.GetLocalNow().DateTime);
        if (_current.TryGetValue(shape, out PromptTemplate? current) && (current.Day is not { } day || day == today))
            return current;

        // Two threads may both render it: the same text.
        return _current[shape] = _create(shape, today);
    }
}
