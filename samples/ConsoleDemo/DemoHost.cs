using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedisInfer.Extensions;
using Samples.Common;

namespace ConsoleDemo;

/// <summary>Sets up the host, as an application that uses the library does.</summary>
internal static class DemoHost
{
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
            o.Corpus = options.Corpus ?? CorpusName.For(
                options.Docs, options.ModelPath, options.EmbeddingModelPath, options.Engine == DemoOptions.OwnEngine ? null : options.Engine);
            o.Capacity.MaxConcurrentRequests = 1; // the demo has one user
            DemoModel.Tune(o);
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
