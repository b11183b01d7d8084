using System.Text;
using RedisInfer.Folders;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.Folders;

public sealed class DocumentFileReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AReaderOfTheHostComesBeforePlainText()
    {
        var reader = new FuncReader((source, _) => ValueTask.FromResult(
            DocumentContent.Of("Hello") with
            {
                Title = $"{source.Path} {source.MediaType} {source.Stream.Length}",
                Blocks = [new DocumentBlock(DocumentBlockKind.Paragraph, 0, 5) { Page = 2 }],
            }));

        DocumentContent content = await ReadAsync(reader, "a.md");

        Assert.Equal(("Hello", "a.md text/markdown 4", "text/markdown"), (content.Text, content.Title, content.MediaType));
    }

    [Fact]
    public async Task AFileThatNoReaderOfTheHostSupportsIsReadAsText()
    {
        var reader = new FuncReader((_, _) => throw new InvalidOperationException("not asked"), canRead: false);

        DocumentContent content = await ReadAsync(reader, "a.md");

        Assert.Equal(("text", "utf-8"), (content.Text, content.Encoding));
    }

    [Fact]
    public async Task AReaderThatThrowsCostsItsDocumentOnly()
    {
        DocumentContent content = await ReadAsync(new FuncReader((_, _) => throw new FormatException("bad table")), "a.md");

        Assert.Contains("bad table", content.SkipReason);
        Assert.True(content.IsUnreadable);
    }

    [Fact]
    public async Task AReaderThatIgnoresItsTimeLimitIsLeft()
    {
        var end = new TaskCompletionSource<DocumentContent>();
        var reader = new FuncReader((_, _) => new ValueTask<DocumentContent>(end.Task));

        DocumentContent content = await ReadAsync(reader, "a.md", new DocumentLimits { MaxTime = TimeSpan.FromSeconds(10) }, new SkippingTime());

        Assert.Contains("longer than 10 s (DocumentLimits.MaxTime)", content.SkipReason);
        end.SetResult(DocumentContent.Of("late"));
    }

    [Theory]
    [InlineData(0, 0, 1, "has 0 characters")]
    [InlineData(2, 9, 1, "ends after the text")]
    [InlineData(-1, 2, 1, "begins at -1")]
    [InlineData(0, 2, 7, "heading of level 7")]
    [InlineData(int.MaxValue, int.MaxValue, 1, "ends after the text")]
    public async Task BlocksThatDoNotFitTheTextAreNotUsed(int start, int length, int level, string problem)
    {
        var reader = new FuncReader((_, _) => ValueTask.FromResult(
            DocumentContent.Of("Hello") with { Blocks = [new DocumentBlock(DocumentBlockKind.Heading, start, length) { Level = level }] }));

        DocumentContent content = await ReadAsync(reader, "a.md");

        Assert.Contains(problem, content.SkipReason);
    }

    [Fact]
    public async Task ATextOverTheLimitIsSkipped()
    {
        var reader = new FuncReader((_, _) => ValueTask.FromResult(DocumentContent.Of(new string('a', 101))));

        DocumentContent content = await ReadAsync(reader, "a.md", new DocumentLimits { MaxTextBytes = 100 });

        Assert.Contains("DocumentLimits.MaxTextBytes", content.SkipReason);
    }

    private Task<DocumentContent> ReadAsync(IDocumentReader reader, string path, DocumentLimits? limits = null, TimeProvider? time = null)
    {
        string file = Path.Combine(_folder.Path, path);
        File.WriteAllText(file, "text", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return new DocumentFileReader([reader], limits ?? new DocumentLimits(), time ?? TimeProvider.System)
            .ReadAsync(file, path, maxBytes: 1000, TestContext.Current.CancellationToken).AsTask();
    }

    private sealed class FuncReader(
        Func<DocumentSource, CancellationToken, ValueTask<DocumentContent>> read, bool canRead = true) : IDocumentReader
    {
        public bool CanRead(string path, string mediaType) => canRead;

        public ValueTask<DocumentContent> ReadAsync(DocumentSource source, CancellationToken cancellationToken) => read(source, cancellationToken);
    }
}
