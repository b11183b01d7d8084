namespace RedisInfer.Llama;

/// <summary>Positions from <paramref name="Start"/> to one below <paramref name="End"/>.</summary>
internal readonly record struct PositionRange(int Start, int End);
