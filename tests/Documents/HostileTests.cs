using System.Diagnostics;
using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Tests.Documents;

public sealed class HostileTests
{
    private const int Documents = 500;

    // Small limits, so that documents meet them.
    private static readonly DocumentLimits Limits = new() { MaxTextBytes = 4 << 20, MaxDepth = 128, MaxTime = TimeSpan.FromSeconds(5) };

    public static TheoryData<string> Formats => [.. SampleDocuments.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task HostileDocumentsAreReadOrSkippedWithAReasonWithinTheLimits(string format)
    {
        foreach (HostileDocument document in HostileDocuments.Of(format, seed: 1, Documents))
        {
            var time = Stopwatch.StartNew();
            DocumentContent? content = await TryReadAsync(document);
            // The reader stops waiting as soon as the time is over. The rest is what a busy machine needs to notice.
            Assert.True(time.Elapsed < Limits.MaxTime * 4, $"{document.Name} took {time.Elapsed}");
            if (content is null)
                continue;
            Assert.True(content.Text is null != content.SkipReason is null, document.Name);
            if (content.Text is not { } text)
            {
                Assert.True(content.SkipReason!.Length > 10, document.Name);
                continue;
            }

            Assert.InRange(text.Length, 1, Limits.MaxTextBytes);
            int end = 0;
            foreach (DocumentBlock block in content.Blocks)
            {
                Assert.True(block.Start >= end && block.Length > 0 && block.Start + block.Length <= text.Length, document.Name);
                end = block.Start + block.Length;
            }
        }
    }

    [Theory]
    [InlineData("docx", "nested", "nested")]
    [InlineData("html", "nested-div", "nested")]
    [InlineData("html", "nested-b", "nested")]
    [InlineData("ipynb", "nested-array", "nested")]
    [InlineData("eml", "nested-html", "nested")]
    [InlineData("pdf", "nested-arrays", "nest")]
    [InlineData("docx", "huge-space", "unpacks to more than")]
    [InlineData("xlsx", "many", "more than")]
    [InlineData("pdf", "flate-bomb", "unpacks to more than")]
    [InlineData("odt", "entities", "document type")]
    [InlineData("pdf", "encrypted", "encrypted")]
    [InlineData("pdf", "many-letters", "letters")]
    [InlineData("pdf", "forms-exponential", "letters")]
    [InlineData("pptx", "half", "damaged")]
    [InlineData("eml", "encrypted", "encrypted")]
    public async Task ReasonSaysWhatIsWrong(string format, string bomb, string reason)
    {
        HostileDocument document = HostileDocuments.Of(format, seed: 1, Documents).First(document => document.Name == $"{bomb}.{format}");
        var limits = new DocumentLimits { MaxTextBytes = Limits.MaxTextBytes, MaxDepth = Limits.MaxDepth, MaxTime = TimeSpan.FromMinutes(1) };

        Assert.Contains(reason, await Reading.ReasonAsync(document.Name, document.Bytes, limits), StringComparison.Ordinal);
    }

    private static async Task<DocumentContent?> TryReadAsync(HostileDocument document)
    {
        try
        {
            return await Reading.ReadAsync(document.Name, document.Bytes, Limits);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
