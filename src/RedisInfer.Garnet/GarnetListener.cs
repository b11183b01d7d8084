using System.Net.Sockets;
using Garnet.common;
using Garnet.server;
using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>
/// Serves each connection on a thread of its own. Garnet's own listener receives on threads of the host's pool. If the host's callers block
/// those until they have an answer, the server that the answer needs would wait for a thread.
/// </summary>
internal sealed class GarnetListener : GarnetServerTcp
{
    private const int MaxWaitingConnections = 16;

    private readonly GarnetServerOptions _options;
    private readonly NetworkBufferSettings _buffers;
    private readonly LimitedFixedBufferPool _pool;
    private readonly Socket _socket;

    /// <summary>Prepares a listener.</summary>
    /// <param name="options">The settings of the server. Its one end point is a Unix socket.</param>
    /// <param name="loggers">Receives problems of connections.</param>
    public GarnetListener(GarnetServerOptions options, ILoggerFactory loggers)
        : base(
            options.EndPoints[0],
            unixSocketPath: options.UnixSocketPath,
            unixSocketPermission: options.UnixSocketPermission,
            logger: loggers.CreateLogger<GarnetListener>())
    {
        _options = options;
        _buffers = options.GetNetworkBufferSettings();
        _pool = _buffers.CreateBufferPool(
            ownerType: PoolOwnerType.ServerNetwork,
            maxPooledBytes: options.GetNetworkBufferPoolSize(),
            budget: options.GetNetworkBufferBudget(),
            logger: logger);
        _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    }

    /// <inheritdoc/>
    public override void Start()
    {
        _socket.Bind(EndPoint);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_options.UnixSocketPath, _options.UnixSocketPermission);
        _socket.Listen(MaxWaitingConnections);
        new Thread(Accept) { IsBackground = true, Name = "RedisInfer Garnet listener" }.UnsafeStart();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _socket.Close();
        base.Close();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
        _pool.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Serve(_socket.Accept());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener is closed.
        }
    }

    private void Serve(Socket accepted)
    {
        // Below zero: the listener is being disposed of.
        if (Interlocked.Increment(ref activeHandlerCount) <= 0)
        {
            Interlocked.Decrement(ref activeHandlerCount);
            accepted.Dispose();
            return;
        }

        GarnetConnection connection;
        try
        {
            connection = new GarnetConnection(this, accepted, _buffers, _pool, logger);
        }
        catch (SocketException)
        {
            // The client has left already.
            Interlocked.Decrement(ref activeHandlerCount);
            accepted.Dispose();
            return;
        }

        activeHandlers.TryAdd(connection, 0);
        IncrementConnectionsReceived();
        new Thread(connection.Run) { IsBackground = true, Name = "RedisInfer Garnet connection" }.UnsafeStart();
    }
}
