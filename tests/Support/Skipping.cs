using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace RedisInfer.Tests.Support;

/// <summary>Skips the running test in a way that a person at the console learns of.</summary>
public static class Skipping
{
    /// <summary>Skips the running test, and prints one line with its name and the reason: plain <c>dotnet test</c> shows no reasons.</summary>
    [DoesNotReturn]
    public static void Because(string reason)
    {
        var test = TestContext.Current.Test?.TestDisplayName ?? "a test";
        TestContext.Current.SendDiagnosticMessage($"Skipped {test}: {reason}");
        Assert.Skip(reason);
    }
}
