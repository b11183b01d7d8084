using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace RedisInfer.Tests.Support;

/// <summary>Skips the running test and shows the reason on the console.</summary>
public static class Skipping
{
    /// <summary>Skips the running test and prints its name and the reason on one line. Plain <c>dotnet test</c> omits reasons.</summary>
    [DoesNotReturn]
    public static void Because(string reason)
    {
        var test = TestContext.Current.Test?.TestDisplayName ?? "a test";
        TestContext.Current.SendDiagnosticMessage($"Skipped {test}: {reason}");
        Assert.Skip(reason);
    }
}
