namespace RedisInfer.Orleans.Placement;

/// <summary>
/// The key of a grain that lives for one question. It has all that is needed to place it, so that every silo places it alike.
/// </summary>
/// <param name="Runtime">Which runtimes may answer: a group, or all with a key (<see cref="OfKey"/>).</param>
/// <param name="Context">The context of the question.</param>
/// <param name="Silo">The silo that was chosen; <see langword="null"/>: the placement chooses.</param>
/// <param name="Nonce">Tells it from other questions.</param>
internal readonly record struct RouteKey(string Runtime, string Context, SiloAddress? Silo, Guid Nonce)
{
    private const char Separator = '|';

    /// <summary>Names all runtimes that have a key, whatever their group.</summary>
    /// <param name="key">Key of the runtimes; <see langword="null"/>: those without one.</param>
    public static string OfKey(string? key) => "key:" + Uri.EscapeDataString(key ?? "");

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static RouteKey Parse(string text)
    {
        string[] parts = text.Split(Separator);
        return parts.Length == 4
            ? new RouteKey(parts[0], parts[1], parts[2].Length == 0 ? null : SiloAddress.FromParsableString(parts[2]), Guid.ParseExact(parts[3], "N"))
            : throw new FormatException($"'{text}' is not the key of a question.");
    }

    public override string ToString() => string.Join(Separator, Runtime, Context, Silo?.ToParsableString() ?? "", Nonce.ToString("N"));
}
