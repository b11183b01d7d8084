namespace RedisInfer.Tests.Integration.Sample;

/// <summary>How a run of the demo ended, and what it wrote.</summary>
internal sealed record DemoResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
