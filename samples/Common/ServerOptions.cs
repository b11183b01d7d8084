using Microsoft.Extensions.DependencyInjection;
using RedisInfer.Extensions;

namespace Samples.Common;

/// <summary>What the command line of a server says. Paths are absolute.</summary>
/// <param name="Docs">The folder of documents.</param>
/// <param name="ModelPath">The model that answers.</param>
/// <param name="EmbeddingModelPath">The embedding model, or <see langword="null"/> to search by words alone.</param>
/// <param name="Data">The folder in which the embedded server keeps its data, or <see langword="null"/> to keep it in memory.</param>
/// <param name="Redis">The Redis to use, or <see langword="null"/> for the embedded server.</param>
internal sealed record ServerOptions(string Docs, string ModelPath, string? EmbeddingModelPath, string? Data, string? Redis)
{
    /// <summary>Registers the library.</summary>
    public IRedisInferBuilder Register(IServiceCollection services)
    {
        IRedisInferBuilder rag = services.AddRedisInfer(o =>
        {
            o.ModelPath = ModelPath;
            o.EmbeddingModelPath = EmbeddingModelPath;
            o.Redis = Redis;
            o.Corpus = CorpusName.For(Docs, ModelPath, EmbeddingModelPath);
            DemoModel.Tune(o);
        });
        rag.UseDocumentReaders();
        if (Redis is null)
        {
            rag.UseEmbeddedGarnet(garnet =>
            {
                garnet.DataDirectory = Data;
                garnet.InMemory = Data is null;
            });
        }

        return rag;
    }
}
