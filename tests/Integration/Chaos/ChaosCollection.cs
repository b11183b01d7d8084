namespace RedisInfer.Tests.Integration.Chaos;

/// <summary>Tests that start many processes. They run alone, so that these get the CPUs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChaosCollection
{
    public const string Name = "chaos";
}
