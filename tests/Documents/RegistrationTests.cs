using Microsoft.Extensions.DependencyInjection;
using RedisInfer.Documents;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Tests.Documents;

public sealed class RegistrationTests
{
    private static readonly string Model = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");

    [Theory]
    [InlineData(null)]
    [InlineData("legal")]
    public async Task UseDocumentReadersAddsAllOfThemToItsRuntime(string? key)
    {
        var services = new ServiceCollection();
        (key is null ? services.AddRedisInfer(o => o.ModelPath = Model) : services.AddKeyedRedisInfer(key, o => o.ModelPath = Model))
            .UseDocumentReaders();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Equal(DocumentReaders.All, provider.GetKeyedServices<IDocumentReader>(key));
    }

    [Fact]
    public async Task FolderOfAllFormatsIsIndexedAndAHostileFileCostsNoOther()
    {
        using var folder = new TempFolder();
        foreach (string format in SampleDocuments.Formats)
            await File.WriteAllBytesAsync(folder[$"goods.{format}"], SampleDocuments.Of(format), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["really-a-pdf.txt"], SampleDocuments.Of("pdf"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["broken.docx"], SampleDocuments.Of("docx")[..200], TestContext.Current.CancellationToken);

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = Model }, new RagComponents { Connection = server, DocumentReaders = DocumentReaders.All });
        Dictionary<string, IndexedDocument> indexed = [];
        await foreach (IndexedDocument document in runtime.Index.AddDirectoryAsync(folder.Path, cancellationToken: TestContext.Current.CancellationToken))
            indexed[document.Path] = document;

        Assert.Equal(IndexingStatus.Skipped, indexed["broken.docx"].Status);
        Assert.Contains("damaged", indexed["broken.docx"].SkipReason, StringComparison.Ordinal);
        Assert.All(
            indexed.Values.Where(document => document.Path != "broken.docx"), document => Assert.Equal(IndexingStatus.Added, document.Status));
        Assert.Equal(SampleDocuments.Formats.Count + 2, indexed.Count);
    }
}
