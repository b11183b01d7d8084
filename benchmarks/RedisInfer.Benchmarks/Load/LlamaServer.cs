using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace RedisInfer.Benchmarks.Load;

/// <summary>llama.cpp's own server as a process, for comparison.</summary>
internal sealed class LlamaServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly HttpClient _http;

    private LlamaServer(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(10) };
    }

    /// <summary>Checks that a program can be run and says its version, before anything is measured.</summary>
    public static async Task<bool> CanRunAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(path, ["--version"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Starts it with one slot for each caller, and waits until the model is loaded.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not get ready.</exception>
    public static async Task<LlamaServer> StartAsync(string path, string modelPath, int threads, int callers, CancellationToken cancellationToken)
    {
        int port = FindFreePort();
        string[] arguments =
        [
            "--model", modelPath, "--threads", Text(threads), "--parallel", Text(callers), "--ctx-size", Text(new CapacityOptions().ContextSize),
            "--host", "127.0.0.1", "--port", Text(port), "--log-disable",
        ];
        var server = new LlamaServer(Process.Start(new ProcessStartInfo(path, arguments))!, port);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gives it the prompts, from callers in a closed loop, and waits for as many tokens as the answers had.</summary>
    public async Task<TimeSpan> CompleteAsync(IReadOnlyList<AnsweredPrompt> prompts, int callers, CancellationToken cancellationToken)
    {
        await CompleteAsync(prompts[^1].Tokens, 2, cancellationToken);
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < prompts.Count; i = Interlocked.Increment(ref next))
            {
                await CompleteAsync(prompts[i].Tokens, prompts[i].AnswerTokens, cancellationToken);
            }
        }));
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Computes a prompt from its first token on, and a number of tokens after it.</summary>
    private async Task CompleteAsync(int[] prompt, int answerTokens, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(
            "/completion",
            new { prompt, n_predict = answerTokens, temperature = 0, cache_prompt = false, ignore_eos = true },
            cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (!_process.HasExited && Stopwatch.GetElapsedTime(start) < StartLimit)
        {
            try
            {
                using HttpResponseMessage response = await _http.GetAsync("/health", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new InvalidOperationException("llama.cpp's server did not get ready. Start it by hand with the same model to see why.");
    }
}
