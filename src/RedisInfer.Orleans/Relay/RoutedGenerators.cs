using RedisInfer.Orleans.Placement;

namespace RedisInfer.Orleans.Relay;

/// <summary>The generators of this silo.</summary>
internal sealed class RoutedGenerators(IEnumerable<RoutedGenerator> generators)
{
    private readonly IReadOnlyList<RoutedGenerator> _generators = [.. generators];

    /// <summary>The generator of the runtimes with a key.</summary>
    /// <param name="key">The key, as <see cref="RouteKey.OfKey"/> writes it.</param>
    public RoutedGenerator Of(string key) => _generators.FirstOrDefault(generator => generator.Key == key)
        ?? throw new InvalidOperationException($"This silo has no runtime with {key}.");
}
