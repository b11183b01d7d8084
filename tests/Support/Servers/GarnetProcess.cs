using System.Diagnostics;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>A separate process with an embedded Garnet. A test can kill it or end it cleanly. It also ends with this process.</summary>
public sealed class GarnetProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private GarnetProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int ProcessId => _process.Id;

    /// <summary>The first line that the process wrote: "ready", or why it failed.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>Starts a server and waits until it answers or has failed. Without a folder, the server runs in memory.</summary>
    public static async Task<GarnetProcess> StartAsync(string? folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "RedisInfer.Tests.GarnetHost.dll");
        var process = Process.Start(new ProcessStartInfo("dotnet", folder is null ? [program] : [program, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var garnet = new GarnetProcess(process);
        garnet.Greeting = await garnet.ReadLineAsync();
        return garnet;
    }

    /// <summary>Sends a command and waits for the reply.</summary>
    public async Task<string> ExecuteAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadLineAsync();
    }

    /// <summary>Kills the process, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Lets the process dispose its server and end.</summary>
    /// <returns>The exit status, and all output except the replies.</returns>
    public async Task<(int Status, string Output)> EndAsync()
    {
        _process.StandardInput.Close();
        var rest = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return (_process.ExitCode, rest + await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The Garnet process ended: " + await _errors);
}
