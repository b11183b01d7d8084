namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>What a rule found wrong, shown whole: an assertion on a collection would cut it short.</summary>
internal static class Findings
{
    public static void AreNone(IEnumerable<string> findings)
    {
        string[] all = [.. findings.Distinct().Order(StringComparer.Ordinal)];
        if (all.Length > 0)
            Assert.Fail(string.Join('\n', all.Prepend($"{all.Length} found:")));
    }
}
