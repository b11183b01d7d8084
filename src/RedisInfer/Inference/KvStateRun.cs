namespace RedisInfer.Inference;

/// <summary>A run of positions whose KV state is to be saved.</summary>
/// <param name="Start">First position.</param>
/// <param name="End">One past the last position.</param>
/// <param name="Memory">
/// Where the state goes: at least <see cref="IInferenceModel.GetMaxStateBytes"/> for that many tokens.
/// </param>
public readonly record struct KvStateRun(int Start, int End, Memory<byte> Memory);
