using System.Net.Sockets;
using Garnet.common;

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
        finally
        {
            ReturnResponseObject();
        }

        return true;
    }
}
