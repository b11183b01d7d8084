namespace RedisInfer.Grammars.Schemas;

/// <summary>
/// The formats of strings, as patterns. Each matches only what every reader takes for that format, and not all of it: years have four digits,
/// February has 28 days, and addresses are in ASCII.
/// </summary>
internal static class StringFormats
{
    private const string Date =
        "[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";

    private const string Clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,7})?";
    private const string Offset = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])";
    private const string Byte = "(?:[1-9]?[0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    private const string Label = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
    private const string Host = Label + "(?:\\." + Label + "){0,5}";

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Clock + Offset,
        ["date-time"] = Date + "T" + Clock + Offset,
        ["duration"] = "P(?:[0-9]{1,4}D(?:T[0-9]{1,4}H)?|T[0-9]{1,4}[HMS])",
        ["uuid"] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ["email"] = "[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,32}){0,3}@" + Host + "\\.[a-z]{2,12}",
        ["hostname"] = Host,
        ["ipv4"] = "(?:" + Byte + "\\.){3}" + Byte,
        ["ipv6"] = "(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}",
        ["uri"] = "https?://" + Host + "(?::[1-9][0-9]{1,3})?(?:/[A-Za-z0-9._~-]{0,64}){0,16}",
    };

    /// <summary>The formats that are known.</summary>
    public static IEnumerable<string> Names => Patterns.Keys;

    /// <summary>The pattern of a format.</summary>
    /// <param name="format">The format.</param>
    /// <returns>The pattern; <see langword="null"/> if the format is unknown.</returns>
    public static string? PatternOf(string format) => Patterns.TryGetValue(format, out string? pattern) ? $"^{pattern}$" : null;
}
