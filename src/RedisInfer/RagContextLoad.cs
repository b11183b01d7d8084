namespace RedisInfer;

/// <summary>How the retrieved context reached the engine.</summary>
/// <param name="Strategy">Name of the strategy, for example <c>copying</c>.</param>
/// <param name="Bytes">Bytes of passages fetched from the store.</param>
public sealed record RagContextLoad(string Strategy, long Bytes);
