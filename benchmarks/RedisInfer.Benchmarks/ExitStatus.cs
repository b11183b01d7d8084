namespace RedisInfer.Benchmarks;

/// <summary>Exit statuses that several commands have.</summary>
internal static class ExitStatus
{
    /// <summary>An argument or an input file is wrong. Nothing was measured.</summary>
    public const int WrongInput = 2;

    /// <summary>A signal ended the command before its last figure: what a shell reports for Ctrl+C.</summary>
    public const int Interrupted = 130;
}
