using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.WebChat;

/// <summary>The sample's server as a process, on a free port.</summary>
internal sealed class ChatProcess : IAsyncDisposable
{
    private static readonly BuiltProgram Program = new("samples/WebChat");

    private readonly Process _process;

    private ChatProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
        Address = address.ToString();
    }

    public string Address { get; }

    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ChatProcess> StartAsync(params string[] arguments)
    {
        Process process = Program.Start([.. arguments.Contains("--url") ? (string[])[] : ["--url", "http://127.0.0.1:0"], .. arguments]);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("Open ", StringComparison.Ordinal))
            {
                // What it logs later must not fill the pipe.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new ChatProcess(process, new Uri(line.Split(' ')[1]));
            }
        }

        throw new InvalidOperationException($"The server did not start: {await error}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
