using System.CommandLine;

namespace RedisInfer.Benchmarks.Retrieval;

/// <summary>Measures what indexing and retrieval cost compared with the bare server, for a corpus of realistic size.</summary>
internal static class RetrievalCommand
{
    public static Command Create()
    {
        var redis = new Option<string?>("--redis")
        {
            Description = "HOST:PORT of a Redis (default: a private Redis 8 if one is installed, else an embedded Garnet).",
        };
        var embedded = new Option<bool>("--embedded") { Description = "Use an embedded Garnet even if a Redis 8 is installed." };
        var chunks = new Option<int>("--chunks") { Description = "Number of chunks to index.", DefaultValueFactory = _ => 50_000 };
        var dimensions = new Option<int>("--dimensions") { Description = "Length of the vectors.", DefaultValueFactory = _ => 384 };
        var seed = new Option<int>("--seed") { Description = "Seed of the documents.", DefaultValueFactory = _ => 1 };
        var command = new Command("retrieval", "Measures indexing and retrieval against the bare server.")
        {
            redis, embedded, chunks, dimensions, seed,
        };
        command.SetAction((parsed, cancellationToken) => new RetrievalRun(
            new SyntheticText(parsed.GetValue(seed)),
            parsed.GetValue(chunks),
            parsed.GetValue(dimensions)).RunAsync(parsed.GetValue(redis), parsed.GetValue(embedded), cancellationToken));
        return command;
    }
}
