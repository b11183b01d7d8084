using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Json.Schema;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Schemas;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A model with random weights would write anything. Held to a schema, it writes what another library finds valid.</summary>
public sealed class TypedAnswerPropertyTests
{
    private const int Schemas = 1000;
    private const int MaxOutputTokens = 400;

    private static readonly EvaluationOptions Strict = new() { RequireFormatValidation = true };

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnswersByRandomSchemasParseAndAreValid()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions
            {
                ModelPath = TestModels.Text,
                Engine = { Threads = 1 },
                Capacity = { ContextSize = 8192, MaxConcurrentRequests = 8, QueueCapacity = Schemas },
            },
            new RagComponents { Connection = server });
        await runtime.Index.AddAsync(new RagDocument("backups.md", "Backups are kept for 90 days."), TestEnds);

        var written = new ConcurrentQueue<(string Schema, RagAnswer Answer)>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Schemas), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestEnds }, async (number, _) =>
            {
                string schema = new RandomSchemas(new Random(seed ^ number)).Make().ToJsonString();
                written.Enqueue((schema, await runtime.Generator.GenerateAsync(Request(schema, (uint)number), TestEnds)));
            });

        // The library that validates is for one thread at a time.
        Assert.Equal(Schemas, written.Count);
        Assert.All(written, item =>
        {
            Assert.True(item.Answer.FinishReason is RagFinishReason.Stop or RagFinishReason.Length, $"{item.Schema}\nended with {item.Answer.FinishReason}");
            Assert.True(IsValid(item.Schema, item.Answer.Text), $"{item.Schema}\nis not kept to by {item.Answer.Text}");
        });
        Assert.InRange(written.Count(item => item.Answer.FinishReason == RagFinishReason.Stop), Schemas / 4, Schemas);
    }

    private static RagRequest Request(string schema, uint number) => new("How long are backups kept?")
    {
        MaxOutputTokens = MaxOutputTokens,
        ResponseFormat = RagResponseFormat.JsonSchema(JsonDocument.Parse(schema).RootElement),

        // Greedy, random, and random with a memory: each chooses in another way.
        Sampling = new SamplingOptions
        {
            Temperature = number % 3 == 0 ? 0 : 1.5f,
            TopK = 0,
            TopP = 1,
            MinP = 0,
            RepetitionPenalty = number % 3 == 2 ? 1.3f : 1,
            Seed = number,
        },
    };

    private static bool IsValid(string schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSchema.FromText(schema).Evaluate(document.RootElement, Strict).IsValid;
    }
}
