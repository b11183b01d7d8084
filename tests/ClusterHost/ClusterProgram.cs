using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using RedisInfer.Errors;
using RedisInfer.Orleans;

namespace RedisInfer.Tests.ClusterHost;

/// <summary>
/// A host of a cluster, as a program: does what each line of its standard input says, several at once, and ends with that input. Tests and
/// benchmarks run it in processes of its own.
/// </summary>
public sealed class ClusterProgram : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _running = new();
    private readonly Lock _output = new();

    private ClusterProgram(IHost host) => _host = host;

    private IServiceProvider Services => _host.Services;

    /// <summary>Runs the program.</summary>
    /// <param name="settings">A <see cref="ClusterHostSettings"/> as JSON.</param>
    public static async Task RunAsync(string settings)
    {
        ClusterHostSettings read = JsonSerializer.Deserialize<ClusterHostSettings>(settings)!;
        await using var host = new ClusterProgram(Build(read));
        await host._host.StartAsync();
        host.Write(new ClusterReply(0));
        List<Task> commands = [];
        while (await Console.In.ReadLineAsync() is { } line)
        {
            ClusterCommand command = JsonSerializer.Deserialize<ClusterCommand>(line)!;
            commands.Add(host.DoAsync(command));
        }

        await Task.WhenAll(commands);
        await host._host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static IHost Build(ClusterHostSettings settings)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster, settings.Cluster));
        if (settings.IsClient)
        {
            builder.UseOrleansClient(client => client.UseRedisInferCluster(settings.Redis));
            builder.Services.AddRedisInferClient(configure: o => o.SilenceTimeout = TimeSpan.FromSeconds(2 * settings.SilenceSeconds));
            return builder.Build();
        }

        builder.UseOrleans(silo => silo
            .UseRedisInferCluster(settings.Redis)
            .Configure<SiloOptions>(o => o.SiloName = settings.Name)
            .Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.NumMissedProbesLimit) = (TimeSpan.FromSeconds(settings.ProbeSeconds), 3))
            .Configure<EndpointOptions>(o =>
            {
                o.AdvertisedIPAddress = IPAddress.Loopback;
                o.SiloPort = settings.SiloPort;
                o.GatewayPort = settings.GatewayPort;
            }));
        builder.Services.AddRedisInfer(o =>
        {
            o.ModelPath = settings.ModelPath;
            o.Redis = settings.Redis;
            o.Corpus = "cluster";
            o.SystemPrompt = settings.SystemPrompt;
            o.MaxOutputTokens = settings.MaxOutputTokens;
            (o.Engine.Threads, o.Engine.PinThreads) = (1, false);
            (o.Retrieval.TopK, o.Retrieval.MinScore) = (settings.Passages, -1);
            o.Capacity.ContextSize = 2048 * settings.MaxConcurrentRequests;
            o.Capacity.MaxConcurrentRequests = settings.MaxConcurrentRequests;
            o.Capacity.QueueCapacity = settings.QueueCapacity;
            o.KvCache.MemoryBytes = settings.MemoryBytes;
            o.KvCache.MaxStoredBytes = settings.StoredBytes;
        })
        .UseOrleans(o => o.SilenceTimeout = TimeSpan.FromSeconds(settings.SilenceSeconds))
        .WarmUpOnStart();
        return builder.Build();
    }

    private async Task DoAsync(ClusterCommand command)
    {
        await Task.Yield();
        using var cancel = new CancellationTokenSource();
        _running[command.Id] = cancel;
        try
        {
            Write(await ReplyAsync(command, cancel.Token) with { IsEnd = true });
        }
        catch (Exception e)
        {
            string code = e is RedisInferException known ? known.Code.ToString() : e.GetType().Name;
            Write(new ClusterReply(command.Id) { IsEnd = true, Error = $"{code}: {e.Message}" });
        }
        finally
        {
            _running.TryRemove(command.Id, out _);
        }
    }

    private async Task<ClusterReply> ReplyAsync(ClusterCommand command, CancellationToken cancellationToken)
    {
        switch (command.Kind)
        {
            case ClusterCommandKind.Ask:
                return await AskAsync(Services.GetRequiredService<IRagGenerator>(), command, cancellationToken);
            case ClusterCommandKind.AskHere:
                return await AskAsync(Services.GetRequiredService<RagRuntime>().Generator, command, cancellationToken);
            case ClusterCommandKind.Cancel:
                if (_running.TryGetValue(command.Cancels, out CancellationTokenSource? other))
                    await other.CancelAsync();
                return new ClusterReply(command.Id);
            case ClusterCommandKind.Index:
                IEnumerable<RagDocument> documents = command.Documents.Select(document => new RagDocument(document.Key, document.Value));
                await foreach (IndexedDocument _ in Services.GetRequiredService<IRagIndex>().AddAsync(documents.ToAsyncEnumerable(), cancellationToken))
                {
                }

                return new ClusterReply(command.Id);
            default:
                return Describe(command.Id);
        }
    }

    private ClusterReply Describe(int id)
    {
        RagStatus status = Services.GetRequiredService<RagRuntime>().GetStatus();
        return new ClusterReply(id)
        {
            Load = status.Running + status.Waiting,
            Answered = status.Answered,
            Cancelled = status.Cancelled,
            Hosts = Services.GetRequiredService<RagCluster>().GetHosts().Count,
        };
    }

    private async Task<ClusterReply> AskAsync(IRagGenerator generator, ClusterCommand command, CancellationToken cancellationToken)
    {
        var request = new RagRequest(command.Question) { Sampling = command.Sampling, MaxOutputTokens = command.MaxOutputTokens };
        RagAnswer? answer = null;
        await foreach (RagUpdate update in generator.GenerateStreamingAsync(request, cancellationToken))
        {
            if (update.Text.Length > 0)
                Write(new ClusterReply(command.Id) { Piece = update.Text });
            answer = update.Answer;
        }

        return new ClusterReply(command.Id)
        {
            Text = answer!.Text,
            Route = answer.Route,
            Timings = answer.Timings,
            Usage = answer.Usage,
            Citations = answer.Citations,
            PassageTokens = answer.Passages.Sum(passage => passage.TokenCount),
            RestoredTokens = answer.Context.RestoredTokens,
        };
    }

    private void Write(ClusterReply reply)
    {
        lock (_output)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(reply));
            Console.Out.Flush();
        }
    }
}
