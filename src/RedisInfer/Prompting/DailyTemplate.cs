namespace RedisInfer.Prompting;

/// <summary>
/// Keeps the fixed parts of prompts. A chat template may print the date, so its prefix is rendered again on the next day, and never more
/// often: prompts of a day share their prefix. Thread-safe.
/// </summary>
internal sealed class DailyTemplate
{
    private readonly Func<DateOnly, PromptTemplate> _create;
    private readonly TimeProvider _time;
    private volatile PromptTemplate _current;

    /// <summary>Renders the template for the current day.</summary>
    /// <param name="create">Renders it for a day.</param>
    /// <param name="time">Says which day it is.</param>
    public DailyTemplate(Func<DateOnly, PromptTemplate> create, TimeProvider time)
    {
        _create = create;
        _time = time;
        _current = create(Today(time));
    }

    /// <summary>The parts for the current day.</summary>
    public PromptTemplate Current
    {
        get
        {
            PromptTemplate current = _current;
            if (current.Day is not { } day || day == Today(_time))
                return current;

            // Two threads may both render it: the same text.
            return _current = _create(Today(_time));
        }
    }

    private static DateOnly Today(TimeProvider time) => DateOnly.FromDateTime(time.GetLocalNow().DateTime);
}
