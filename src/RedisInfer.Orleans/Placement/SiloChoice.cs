namespace RedisInfer.Orleans.Placement;

/// <summary>The silo that a question is sent to.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsMoved">Whether it is another than the one that the context belongs to.</param>
internal readonly record struct SiloChoice(SiloAddress Silo, string Name, bool IsMoved);
