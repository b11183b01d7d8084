using System.Text.Json;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support.Schemas;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>JSON schemas of answers. One that is accepted is asked with, and its answer must be JSON.</summary>
internal sealed class SchemaKind : IHostileKind
{
    private const int ContextSize = 1024;

    private EmbeddedGarnetServer? _server;
    private RagRuntime? _runtime;

    public async Task PrepareAsync()
    {
        _server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true, MemoryBytes = HostileHost.ServerBytes });
        _runtime = new RagRuntime(HostileHost.Options(ContextSize), new RagComponents { Connection = _server });
        foreach (RagDocument document in HostileHost.Documents)
        {
            await _runtime.Index.AddAsync(document);
        }

        await _runtime.WarmUpAsync();
    }

    public async Task RunAsync(Random random)
    {
        using var schema = JsonDocument.Parse(new HostileSchemas(random).Make());
        RagAnswer answer = await _runtime!.Generator.GenerateAsync(new RagRequest("How long are backups kept?")
        {
            TopK = 1,
            MaxOutputTokens = random.Next(1, 100),
            ResponseFormat = RagResponseFormat.JsonSchema(schema.RootElement),
            Sampling = new SamplingOptions { Temperature = 2, TopK = 0, TopP = 1, MinP = 0, RepetitionPenalty = random.Chance(.5) ? 1 : 1.2f, Seed = 1 },
        });
        try
        {
            using var json = JsonDocument.Parse(answer.Text);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The answer is no JSON: {answer.Text}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_runtime?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
