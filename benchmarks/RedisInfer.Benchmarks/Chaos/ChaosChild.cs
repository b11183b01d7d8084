using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A child process of the run. It dies with this process, whose end closes its standard input.</summary>
internal sealed class ChaosChild : IAsyncDisposable
{
    private const int LastLineCount = 8;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private int _killed;

    private ChaosChild(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Whether this process has killed it.</summary>
    public bool WasKilled => _killed != 0;

    /// <summary>The last lines of its standard error.</summary>
    public string LastErrors => string.Join(" | ", _errors);

    /// <summary>Starts a child and waits until it is warm; <see langword="null"/> if it ended before.</summary>
    public static async Task<ChaosChild?> StartAsync(string redis, string folder, TimeSpan clockShift)
    {
        ProcessStartInfo start = OwnProgram.CreateStartInfo(
            [ChildCommand.Name, "--redis", redis, "--folder", folder, $"--clock-minutes={clockShift.TotalMinutes}"]);
        start.RedirectStandardInput = true;
        var child = new ChaosChild(Process.Start(start)!);
        if (await child.ReadAsync() is not null)
            return child;
        await child.DisposeAsync();
        return null;
    }

    /// <summary>Lets the child do something.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="begun">Receives the time at which the child has begun.</param>
    /// <returns>Its reply; <see langword="null"/> if the child ended before.</returns>
    public async Task<ChildReply?> CallAsync(ChildRequest request, Action<long>? begun = null)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            return null;
        }

        while (await ReadAsync() is { } reply)
        {
            if (reply.IsEnd)
                return reply;
            begun?.Invoke(reply.Started);
        }

        return null;
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        Volatile.Write(ref _killed, 1);
        _process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<ChildReply?> ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{') && TryParse(line) is { } reply)
                return reply;
        }

        return null;
    }

    /// <summary>A process that is killed may leave half a line.</summary>
    private static ChildReply? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ChildReply>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _errors.Enqueue(line);
        if (_errors.Count > LastLineCount)
            _errors.TryDequeue(out _);
    }
}
