using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisInfer.Extensions;

namespace ConsoleDemo;

/// <summary>Sets up the host, as an application that uses the library does.</summary>
internal static class DemoHost
{
    // The demo model answers in one sentence and has a small context window. A low output limit leaves more of the window for
    // passages. The model copies better from few passages.
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
            o.RerankModelPath = options.RerankModelPath;
            o.Redis = options.Redis;
            o.Corpus = options.Corpus ?? CorpusName.For(options);
            o.Capacity.MaxConcurrentRequests = 1; // the demo has one user
            if (options.UsesDemoModel)
            {
                o.Retrieval.TopK = DemoModelPassages;
                o.MaxOutputTokens = DemoModelOutputTokens;
                o.Engine.Threads = 1; // a model this small gains nothing from more, and loses much if other programs are busy
            }

            o.Retrieval.TopK = options.TopK ?? o.Retrieval.TopK;
        });
        rag.UseDocumentReaders();
        if (options.Engine == DemoOptions.LLamaSharpEngine)
        {
            rag.UseLLamaSharp();
        }

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
            logging.AddFilter("RedisInfer.RagIndex", LogLevel.Error); // skipped files: the demo lists them itself
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start: the demo prints the reason
        }
    }
}
