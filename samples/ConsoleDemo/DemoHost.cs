using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisInfer.Extensions;

namespace ConsoleDemo;

/// <summary>Sets up the host: what an application does to use the library.</summary>
internal static class DemoHost
{
    // The demo's own model answers in one sentence and has a small window: what it may generate must not take the place of
    // passages. It copies better from few of them.
    private const int DemoModelOutputTokens = 96;
    private const int DemoModelPassages = 3;

    public static IHost Build(DemoOptions options)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        AddLogging(builder.Logging, options.Verbose);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);

        IRedisInferBuilder rag = builder.Services.AddRedisInfer(o =>
        {
            o.ModelPath = options.ModelPath;
            o.EmbeddingModelPath = options.EmbeddingModelPath;
            o.Redis = options.Redis;
            o.Corpus = options.Corpus ?? CorpusName.For(options);
            o.Capacity.MaxConcurrentRequests = 1; // one person asks
            if (options.UsesDemoModel)
            {
                o.Retrieval.TopK = DemoModelPassages;
                o.MaxOutputTokens = DemoModelOutputTokens;
                o.Engine.Threads = 1; // so small a model gains nothing from more, and loses much where other programs are busy
            }

            o.Retrieval.TopK = options.TopK ?? o.Retrieval.TopK;
        });
        if (options.Redis is null)
        {
            rag.UseEmbeddedGarnet(garnet =>
            {
                garnet.DataDirectory = options.Data;
                garnet.InMemory = options.Data is null;
            });
        }

        return builder.Build();
    }

    private static void AddLogging(ILoggingBuilder logging, bool verbose)
    {
        logging.AddProvider(new TerminalLoggerProvider());
        logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
        if (!verbose)
        {
            logging.AddFilter("RedisInfer.RagIndex", LogLevel.Error); // skipped files: the demo sums them up itself
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start: the demo says why
        }
    }
}
