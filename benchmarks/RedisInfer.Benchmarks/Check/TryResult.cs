namespace RedisInfer.Benchmarks.Check;

/// <summary>One run of a command in a process of its own.</summary>
/// <param name="ExitStatus">The exit status of the process.</param>
/// <param name="Figures">The figures that it printed, by name.</param>
/// <param name="LastLines">The end of its output, for a reader who asks why it failed.</param>
internal sealed record TryResult(int ExitStatus, IReadOnlyDictionary<string, double> Figures, string LastLines);
