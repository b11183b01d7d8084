using System.Net.Sockets;
using Garnet.common;
using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>
/// Sends answers on the thread of the connection. It waits while the client does not read; the client has a thread that only reads.
/// </summary>
internal sealed class GarnetSender : GarnetTcpNetworkSender
{
    public GarnetSender(Socket socket, NetworkBufferSettings buffers, LimitedFixedBufferPool pool)
        : base(socket, buffers, pool)
    {
    }

    /// <inheritdoc/>
    public override bool SendResponse(int offset, int size)
    {
        if (responseObject is null)
            return false;

        try
        {
            ReadOnlySpan<byte> rest = responseObject.buffer.entry.AsSpan(offset, size);
            while (!rest.IsEmpty)
            {
                rest = rest[socket.Send(rest)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Any other exception would be logged as a critical failure of the server. This one ends the connection alone.
            throw new GarnetException("The client left before its answer.", e, LogLevel.Debug, clientResponse: false);
        }
        finally
        {
            ReturnResponseObject();
        }

        return true;
    }
}
