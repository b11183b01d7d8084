using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>A child process, as its parent sees it. It ends when this is disposed of, or when the parent ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>An input that takes longer hangs, if the child could compute for as long. On a busy machine it could not.</summary>
    public static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(10);

    // A child that waits for something computes nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // Loading models and starting servers is no input.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    // A child that takes more fails with an OutOfMemoryException, which is unclear, and does not take the memory of its neighbors.
    private const string HeapLimitBytes = "0x60000000";

    private const int LastWords = 12;

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, e) => Remember(e.Data);
        process.BeginErrorReadLine();
    }

    public static async Task<ChildProcess> StartAsync(HostileKind kind, ulong seed, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = OwnProgram.CreateStartInfo(
            ["hostile", "--child", "--kind", kind.Name, "--seed", seed.ToString(CultureInfo.InvariantCulture)]);
        start.RedirectStandardInput = true;
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimitBytes;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["GGML_NO_BACKTRACE"] = "1";

        // Methods that this inlines are missing in stacks, which tell what has thrown an exception.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var child = new ChildProcess(Process.Start(start)!);
        try
        {
            string? line;
            do
            {
                line = await child.ReadLineAsync().WaitAsync(LongestStart, cancellationToken);
            }
            while (line is not null && ChildProtocol.Parse(line)?.Word != ChildProtocol.Ready);
            return line is null
                ? throw new InvalidOperationException($"The child for '{kind.Name}' ended before its first input: {await child.ReadLastWordsAsync()}")
                : child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a range of inputs.</summary>
    public async Task SendAsync(long first, int count)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{first} {count}"));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Reads the verdict on an input, or what comes next; <see langword="null"/> if the process has ended.</summary>
    /// <exception cref="TimeoutException">It hangs.</exception>
    public async Task<string?> ReadVerdictAsync(CancellationToken cancellationToken)
    {
        Task<string?> line = ReadLineAsync();
        TimeSpan before = ReadComputeTime();
        for (TimeSpan waited = LongestInput; ; waited += LongestInput)
        {
            try
            {
                return await line.WaitAsync(LongestInput, cancellationToken);
            }
            catch (TimeoutException) when (waited < LongestWait)
            {
                if (ReadComputeTime() - before >= LongestInput)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>What an ended process has last written to its standard error, and its exit status.</summary>
    public async Task<string> ReadLastWordsAsync()
    {
        await _process.WaitForExitAsync();
        lock (_errors)
        {
            return string.Create(CultureInfo.InvariantCulture, $"exit status {_process.ExitCode}: {string.Join(" | ", _errors)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(CancellationToken.None);

    private TimeSpan ReadComputeTime()
    {
        try
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has ended, which the next read tells.
            return TimeSpan.Zero;
        }
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_errors)
        {
            _errors.Enqueue(line);
            if (_errors.Count > LastWords)
            {
                _errors.Dequeue();
            }
        }
    }
}
