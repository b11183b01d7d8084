using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// Finds out what a server can do, with commands that need few rights. HELLO is open to every user, and a trial shows whether Vector Sets
/// may be used. INFO and COMMAND are often denied.
/// </summary>
internal static partial class ServerProbe
{
    /// <summary>Probes the server.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="keys">The corpus. The user has rights on its keys.</param>
    /// <param name="where">The server's address, for the log.</param>
    /// <param name="logger">Receives one line.</param>
    /// <returns>What it can do.</returns>
    public static async Task<ServerCapabilities> ProbeAsync(IDatabase database, CorpusKeys keys, string where, ILogger logger)
    {
        (string product, string version) = await ReadProductAsync(database).ConfigureAwait(false);
        string? obstacle = await FindObstacleAsync(database, keys).ConfigureAwait(false);
        var capabilities = new ServerCapabilities(product, version, obstacle is null);
        if (obstacle is null)
            LogVectorSets(logger, where, product, version, keys.Corpus);
        else
            LogExact(logger, where, product, version, keys.Corpus, obstacle);
        return capabilities;
    }

    private static async Task<(string Product, string Version)> ReadProductAsync(IDatabase database)
    {
        Dictionary<string, string> hello;
        try
        {
            RedisResult[] pairs = (RedisResult[]?)await database.ExecuteAsync("HELLO").ConfigureAwait(false)
                ?? throw new OddAnswerException("The server answered HELLO with nothing.");
            hello = [];
            for (int i = 0; i + 1 < pairs.Length; i += 2)
            {
                hello[pairs[i].ToString()] = pairs[i + 1].Length < 0 ? pairs[i + 1].ToString() : "";
            }
        }
        catch (RedisServerException)
        {
            // A proxy that does not know HELLO.
            return ("unknown", "");
        }

        return hello.TryGetValue("garnet_version", out string? garnet)
            ? ("garnet", garnet)
            : (hello.GetValueOrDefault("server", "unknown"), hello.GetValueOrDefault("version", ""));
    }

    private static async Task<string?> FindObstacleAsync(IDatabase database, CorpusKeys keys)
    {
        try
        {
            await database.ExecuteAsync("VCARD", [keys.VectorSet(0)]).ConfigureAwait(false);
            return null;
        }
        catch (RedisServerException e) when (IsRefusal(e.Message))
        {
            return e.Message;
        }

        static bool IsRefusal(string message) =>
            message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
            || message.Contains("NOPERM", StringComparison.Ordinal)
            || message.Contains("not enabled", StringComparison.Ordinal);
    }

    [LoggerMessage(
        EventId = 110, Level = LogLevel.Information,
        Message = "{Where} is {Product} {Version}: new vectors of corpus '{Corpus}' are stored in a Vector Set.")]
    private static partial void LogVectorSets(ILogger logger, string where, string product, string version, string corpus);

    [LoggerMessage(
        EventId = 111, Level = LogLevel.Information,
        Message = "{Where} is {Product} {Version} without Vector Sets ({Obstacle}): "
            + "the vectors of corpus '{Corpus}' are searched in this process.")]
    private static partial void LogExact(
        ILogger logger, string where, string product, string version, string corpus, string obstacle);
}
