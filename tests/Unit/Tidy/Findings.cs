namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>Shows all findings of a rule in full. An assertion on a collection would truncate them.</summary>
internal static class Findings
{
    public static void AreNone(IEnumerable<string> findings)
    {
        string[] all = [.. findings.Distinct().Order(StringComparer.Ordinal)];
        if (all.Length > 0)
            Assert.Fail(string.Join('\n', all.Prepend($"{all.Length} found:")));
    }
}
