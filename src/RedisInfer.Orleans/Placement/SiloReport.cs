namespace RedisInfer.Orleans.Placement;

/// <summary>What a silo tells others.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Name">Its name.</param>
/// <param name="Runtimes">Its runtimes that can answer.</param>
[GenerateSerializer, Immutable, Alias("redisinfer.silo")]
internal sealed record SiloReport([property: Id(0)] SiloAddress Silo, [property: Id(1)] string Name, [property: Id(2)] RuntimeReport[] Runtimes);
