namespace RedisInfer.Orleans.Placement;

/// <summary>A runtime of this silo. Thread-safe.</summary>
/// <param name="key">Its key; <see langword="null"/> if it has none.</param>
/// <param name="runtime">The runtime.</param>
/// <param name="slots">Requests that it can run at once.</param>
internal sealed class LocalRuntime(string? key, RagRuntime runtime, int slots)
{
    private volatile string? _group;

    /// <summary>Its key, as <see cref="RouteKey.OfKey"/> writes it.</summary>
    public string Key { get; } = RouteKey.OfKey(key);

    public RagRuntime Runtime => runtime;

    /// <summary>Its group. Loads the model at the first call that succeeds.</summary>
    public async ValueTask<string> GetGroupAsync(CancellationToken cancellationToken) =>
        _group ??= await runtime.Handoff.GetGroupAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>What it tells others; <see langword="null"/> if it cannot answer now.</summary>
    public RuntimeReport? Describe()
    {
        RagStatus status = runtime.GetStatus();
        return _group is { } group && status.IsReady ? new RuntimeReport(Key, group, status.Running + status.Waiting, slots) : null;
    }
}
