namespace RedisInfer.Tests.Support;

/// <summary>The exit status of one run of a program, and its output.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
