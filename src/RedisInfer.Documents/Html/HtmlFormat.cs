using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace RedisInfer.Documents.Html;

/// <summary>HTML and XHTML: the main text, with headings, lists, tables and code.</summary>
internal sealed class HtmlFormat : IDocumentFormat
{
    // An element takes some 500 bytes of memory. Real pages of the largest size have fewer.
    private const int MaxElements = 1_000_000;

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["text/html", "application/xhtml+xml"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        (string html, string encoding) = HtmlEncoding.Decode(document.Span);
        if (html.Contains('\0', StringComparison.Ordinal))
            throw new SkippedDocumentException("It is a binary file: it contains NUL bytes.");
        output.Encoding ??= encoding;
        Write(html, output, budget, page: null);
    }

    /// <summary>Writes the text of a page, or of a chapter or message that is one.</summary>
    /// <param name="html">The page.</param>
    /// <param name="output">Receives the text. Its title is set if it has none.</param>
    /// <param name="budget">The limits.</param>
    /// <param name="page">Page number of the blocks; <see langword="null"/> for none.</param>
    public static void Write(string html, StructuredText output, ReadingBudget budget, int? page)
    {
        int elements = 0;
        var nesting = new HtmlNesting(budget);
        using IHtmlDocument parsed = new HtmlParser(new HtmlParserOptions
        {
            MaximumDepth = budget.Depth + 1,
            SkipComments = true,
            OnToken = (token, _) => nesting.Meet(token),
            SkipScriptText = true,
            DisableElementPositionTracking = true,
            OnCreated = (_, _) =>
            {
                if (++elements > MaxElements)
                    throw new SkippedDocumentException($"It has more than {MaxElements:N0} elements. Split the file.");
                budget.Check();
            },
        }).ParseDocument(html);
        string title = OneLine.Of(parsed.Title ?? "");
        if (title.Length > 0)
            output.Title ??= title;
        if (parsed.Body is not { } body)
            return;
        new HtmlBlocks(new HtmlMainText(body, budget), output, budget, page).Write();
    }
}
