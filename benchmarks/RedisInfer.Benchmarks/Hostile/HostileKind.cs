namespace RedisInfer.Benchmarks.Hostile;

/// <summary>A kind of hostile input.</summary>
/// <param name="Name">Its name on the command line and in the output.</param>
/// <param name="Weight">Its share of all inputs, relative to the weights of the others. Slow kinds get less.</param>
/// <param name="Create">Creates what runs its inputs.</param>
internal sealed record HostileKind(string Name, int Weight, Func<IHostileKind> Create);
