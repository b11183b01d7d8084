using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RedisInfer.Errors;

namespace McpServer;

/// <summary>Tells the client what the library says. The protocol's SDK hides other exceptions than its own.</summary>
internal static class ClearErrors
{
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Filter(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            try
            {
                return await next(request, cancellationToken);
            }
            catch (Exception exception) when (exception is RedisInferException or ArgumentException)
            {
                throw new McpException(exception.Message, exception);
            }
        };
}
