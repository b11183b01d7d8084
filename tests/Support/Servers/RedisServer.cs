using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>
/// A real Redis server for one test: on a port of 127.0.0.1 and in its own folder, both released when it is disposed.
/// The server runs only while a pipe from this process stays open, so it also dies with this process, however that ends.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private const int PortAttempts = 8;

    // Runs "$@" while standard input stays open. Prints the server's process id to standard output. The server's errors before it
    // has opened its log go to the file $0.
    private const string Guard =
        """
        exec 3<&0 2> /dev/null
        "$@" < /dev/null 3<&- 2> "$0" &
        server=$!
        echo $server
        { cat <&3 > /dev/null; kill -KILL $server; } &
        wait $server
        """;

    private readonly Process _guard;
    private readonly string _folder;
    private readonly RedisServerOptions _options;

    private RedisServer(RedisVersion version, RedisServerOptions options, Process guard, int processId, int port, string folder)
    {
        Version = version;
        Port = port;
        ProcessId = processId;
        _options = options;
        _guard = guard;
        _folder = folder;
    }

    public RedisVersion Version { get; }

    public int Port { get; }

    public int ProcessId { get; }

    /// <summary>What it was started with.</summary>
    public RedisServerOptions Options => _options;

    /// <summary>HOST:PORT, without the password.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>A StackExchange.Redis configuration for the default user, with its password and with admin commands allowed.</summary>
    public string Configuration => EndPoint + ",allowAdmin=true" + (_options.Password is { } password ? ",password=" + password : "");

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <exception cref="FileNotFoundException">That version is not installed. Check <see cref="RedisPrograms.Find"/> first.</exception>
    public static async Task<RedisServer> StartAsync(
        RedisVersion version, RedisServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RedisServerOptions();
        var program = RedisPrograms.Find(version) ?? throw new FileNotFoundException(RedisPrograms.HowToInstall(version));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(version, options, program, options.Port ?? FreePort(), cancellationToken);
            }
            catch (RedisStartException e) when (e.PortWasTaken && attempt < PortAttempts)
            {
                // Another process may take a free port before Redis listens on it. A given port may still be closing.
                await Task.Delay(PollInterval, cancellationToken);
            }
        }
    }

    /// <summary>Starts a server and waits until it answers. Skips the test if that version is not installed.</summary>
    public static Task<RedisServer> StartOrSkipAsync(RedisVersion version, RedisServerOptions? options = null)
    {
        if (RedisPrograms.Find(version) is null)
            Skipping.Because(RedisPrograms.HowToInstall(version));
        return StartAsync(version, options, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends one command on a connection of its own. Throws if the server answers with an error.</summary>
    /// <returns>The answer as text, an array as one line per element.</returns>
    public Task<string> AskAsync(params string[] command) => RawCommand.SendAsync(Port, command);

    /// <summary>Sends a signal to the server, such as <c>STOP</c> or <c>CONT</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {ProcessId}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Kills the server, as <c>kill -9</c> does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (_guard.HasExited)
            return;

        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _guard.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<RedisServer> StartOnceAsync(
        RedisVersion version, RedisServerOptions options, string program, int port, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("redisinfer-redis-").FullName;
        var socket = Path.Combine(folder, "redis.sock");
        var log = Path.Combine(folder, "redis.log");
        var errors = Path.Combine(folder, "redis.err");
        var configuration = Path.Combine(folder, "redis.conf");
        await File.WriteAllLinesAsync(configuration, ConfigurationLines(options, port, folder, socket, log), cancellationToken);

        var guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Guard, errors, program, configuration])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            var processId = int.Parse((await guard.StandardOutput.ReadLineAsync(cancellationToken))!, CultureInfo.InvariantCulture);
            await WaitUntilReadyAsync(guard, socket, [errors, log], cancellationToken);
            return new RedisServer(version, options, guard, processId, port, folder);
        }
        catch
        {
            guard.StandardInput.Close();
            await guard.WaitForExitAsync(CancellationToken.None);
            guard.Dispose();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static IEnumerable<string> ConfigurationLines(RedisServerOptions options, int port, string folder, string socket, string log)
    {
        yield return "bind 127.0.0.1";
        yield return string.Create(CultureInfo.InvariantCulture, $"port {port}");
        yield return $"unixsocket \"{socket}\"";
        yield return $"logfile \"{log}\"";
        yield return $"dir \"{options.DataDirectory ?? folder}\"";
        yield return "protected-mode yes";
        yield return "daemonize no";
        yield return "save \"\"";
        yield return options.AppendOnly ? "appendonly yes" : "appendonly no";
        yield return "appendfsync always";
        if (options.Password is { } password)
            yield return $"requirepass {password}";
        if (options.MaxMemory is { } maxMemory)
            yield return $"maxmemory {maxMemory}";
        if (options.MaxMemoryPolicy is { } policy)
            yield return $"maxmemory-policy {policy}";
        foreach (var rule in options.AclRules)
            yield return rule;
        foreach (var line in options.ConfigurationLines)
            yield return line;
    }

    // Asks through the private socket, because another server may have taken the port first and would answer there.
    private static async Task WaitUntilReadyAsync(Process guard, string socket, string[] logs, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync(socket, cancellationToken))
        {
            if (guard.HasExited || waited.Elapsed > StartLimit)
                throw new RedisStartException(string.Concat(logs.Where(File.Exists).Select(File.ReadAllText)));
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            await socket.SendAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var buffer = new byte[256];
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            // Any answer counts, even a demand for a password, unless it says that the server is still loading its data.
            return count > 0 && !Encoding.ASCII.GetString(buffer, 0, count).StartsWith("-LOADING", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A port of 127.0.0.1 that no process listens on now.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
