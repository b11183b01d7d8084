using RedisInfer;
using RedisInfer.Documents;
using RedisInfer.Extensions;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the readers of documents.</summary>
public static class DocumentReadersBuilderExtensions
{
    /// <summary>
    /// Reads PDF, HTML, Office and OpenDocument files, EPUB, e-mail and notebooks, too. Without this call, only text is read.
    /// </summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseDocumentReaders(this IRedisInferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (IDocumentReader reader in DocumentReaders.All)
            builder.Services.AddKeyedSingleton(builder.Key, reader);
        return builder;
    }
}
