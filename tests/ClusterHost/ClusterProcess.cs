using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace RedisInfer.Tests.ClusterHost;

/// <summary>A process with a <see cref="ClusterProgram"/>. It can be killed, or stopped for a while. It also ends with this process.</summary>
public sealed class ClusterProcess : IAsyncDisposable
{
    private const int LastLineCount = 40;

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, ClusterAsk> _asks = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _input = new();
    private readonly Task _reading;
    private int _lastId;

    private ClusterProcess(Process process, ClusterHostSettings settings)
    {
        _process = process;
        Settings = settings;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    public ClusterHostSettings Settings { get; }

    /// <summary>The last lines of its log.</summary>
    public string LastErrors => string.Join('\n', _errors);

    /// <summary>Starts a host, and waits until it has loaded its model and joined the cluster.</summary>
    /// <param name="settings">Its settings.</param>
    public static async Task<ClusterProcess> StartAsync(ClusterHostSettings settings)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "RedisInfer.Tests.ClusterHost.dll");
        Process process = Process.Start(new ProcessStartInfo("dotnet", [program, JsonSerializer.Serialize(settings)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var host = new ClusterProcess(process, settings);
        await Task.WhenAny(host._ready.Task, host._reading);
        return host._ready.Task.IsCompleted ? host : throw new InvalidOperationException("The host ended: " + host.LastErrors);
    }

    /// <summary>Lets the host do something.</summary>
    public ClusterAsk Send(ClusterCommandKind kind, Func<ClusterCommand, ClusterCommand>? with = null)
    {
        var command = new ClusterCommand(Interlocked.Increment(ref _lastId), kind);
        command = with?.Invoke(command) ?? command;
        var ask = new ClusterAsk(command.Id);
        _asks[command.Id] = ask;
        try
        {
            lock (_input)
            {
                _process.StandardInput.WriteLine(JsonSerializer.Serialize(command));
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            ask.Take(Ended(command.Id));
        }

        return ask;
    }

    /// <summary>Asks the generator that routes.</summary>
    public ClusterAsk Ask(string question, SamplingOptions? sampling = null) =>
        Send(ClusterCommandKind.Ask, command => command with { Question = question, Sampling = sampling });

    /// <summary>The load of the host, and how many hosts it knows.</summary>
    public Task<ClusterReply> GetStatusAsync() => Send(ClusterCommandKind.Status).End;

    /// <summary>Sends a signal, such as <c>STOP</c> or <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Lets the host stop as it does when it is replaced, and waits for its end.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{') && TryParse(line) is { } reply)
            {
                if (reply.Id == 0)
                    _ready.TrySetResult();
                else if (_asks.TryGetValue(reply.Id, out ClusterAsk? ask))
                    ask.Take(reply);
            }
        }

        foreach (ClusterAsk ask in _asks.Values)
        {
            ask.Take(Ended(ask.Id));
        }
    }

    /// <summary>A process that is killed may leave half a line.</summary>
    private static ClusterReply? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterReply>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ClusterReply Ended(int id) => new(id) { IsEnd = true, Error = "The process has ended." };

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _errors.Enqueue(line);
        if (_errors.Count > LastLineCount)
            _errors.TryDequeue(out _);
    }
}
