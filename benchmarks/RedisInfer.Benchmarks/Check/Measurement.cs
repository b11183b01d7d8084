namespace RedisInfer.Benchmarks.Check;

/// <summary>A command at a small size, and the figures that <c>check</c> compares.</summary>
/// <param name="Command">The command line, without the program.</param>
/// <param name="Date">The day on which the values were recorded.</param>
/// <param name="Machine">The machine on which the values were recorded.</param>
/// <param name="Figures">The figures, in the order in which they are shown.</param>
internal sealed record Measurement(string Command, DateOnly Date, string Machine, IReadOnlyList<RecordedFigure> Figures)
{
    /// <summary>Returns the name of the command: the first word of the command line.</summary>
    public string GetName() => Command.Split(' ', 2)[0];
}
