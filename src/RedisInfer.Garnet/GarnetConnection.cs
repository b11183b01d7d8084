using System.Net.Sockets;
using Garnet.common;
using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>One connection of <see cref="GarnetListener"/>. Its thread receives, executes and answers.</summary>
internal sealed partial class GarnetConnection : TcpNetworkHandlerBase<GarnetListener, GarnetSender>
{
    private readonly Socket _socket;
    private readonly ILogger _logger;

    /// <summary>Prepares a connection.</summary>
    /// <param name="listener">The listener that accepted it.</param>
    /// <param name="socket">Its socket. This object closes it.</param>
    /// <param name="buffers">The sizes of its buffers.</param>
    /// <param name="pool">The pool of its buffers.</param>
    /// <param name="logger">Receives its problems.</param>
    public GarnetConnection(
        GarnetListener listener, Socket socket, NetworkBufferSettings buffers, LimitedFixedBufferPool pool, ILogger logger)
        : base(listener, new GarnetSender(socket, buffers, pool), socket, buffers, pool, useTLS: false, logger: logger)
    {
        _socket = socket;
        _logger = logger;
    }

    /// <summary>Serves the connection until one side closes it.</summary>
    public void Run()
    {
        try
        {
            // The buffer may be another one after each call.
            int received;
            while ((received = _socket.Receive(networkReceiveBuffer.AsSpan(networkBytesRead))) > 0 && !serverHook.Disposed)
            {
                OnNetworkReceiveWithoutTLS(received);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is closed.
        }
        catch (Exception e)
        {
            // As in Garnet's own listener: what a command throws ends its connection, never the process.
            LogFailed(_logger, e);
        }
        finally
        {
            Dispose();
        }
    }

    [LoggerMessage(EventId = 930, Level = LogLevel.Error, Message = "A connection to the embedded Garnet ended with an unexpected error.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
