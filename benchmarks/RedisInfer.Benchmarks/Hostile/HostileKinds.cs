using RedisInfer.Benchmarks.Hostile.Kinds;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>All kinds of hostile input.</summary>
internal static class HostileKinds
{
    public static IReadOnlyList<HostileKind> All { get; } =
    [
        new("model-files", 20, () => new ModelFileKind()),
        new("kv-states", 30, () => new KvStateKind()),
        new("port", 25, () => new PortKind()),
        new("server", 2, () => new ServerKind()),
        new("documents", 8, () => new DocumentKind()),
        new("requests", 15, () => new RequestKind()),
        new("schemas", 10, () => new SchemaKind()),
    ];

    public static HostileKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Divides a number of inputs among kinds by their weights. Every kind gets at least one.</summary>
    public static IReadOnlyDictionary<HostileKind, int> Divide(int inputs, IReadOnlyList<HostileKind> kinds)
    {
        int left = inputs;
        int weights = kinds.Sum(kind => kind.Weight);
        var shares = new Dictionary<HostileKind, int>();
        foreach (HostileKind kind in kinds)
        {
            int share = Math.Min(left, Math.Max(1, (int)((long)left * kind.Weight / weights)));
            shares.Add(kind, share);
            left -= share;
            weights -= kind.Weight;
        }

        return shares;
    }
}
