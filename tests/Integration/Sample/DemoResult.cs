namespace RedisInfer.Tests.Integration.Sample;

/// <summary>The exit status of one run of the demo, and its output.</summary>
internal sealed record DemoResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
