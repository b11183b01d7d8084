using RedisInfer.Garnet;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Requests to <see cref="IRagGenerator"/> and to the search: questions, filters, stop sequences, sampling, retrieval settings.</summary>
internal sealed class RequestKind : IHostileKind
{
    private const int ContextSize = 1024;

    // One character more than the limit for a question.
    private const int MostQuestion = (16 * ContextSize) + 1;

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
        RagRequest request = OddRequests.Make(random, random.Chance(.05) ? MostQuestion : 400);
        if (random.Chance(.3))
        {
            await _runtime!.Index.SearchAsync(request);
        }
        else if (random.Chance(.1))
        {
            // A caller that leaves after the first update.
            await foreach (RagUpdate _ in _runtime!.Generator.GenerateStreamingAsync(request))
            {
                break;
            }
        }
        else
        {
            HostileHost.Check(await _runtime!.Generator.GenerateAsync(request), request);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_runtime?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
