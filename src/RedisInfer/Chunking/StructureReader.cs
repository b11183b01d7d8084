using System.Net.Mime;

namespace RedisInfer.Chunking;

/// <summary>Finds the sections of a document: from its blocks, or in its text by its media type.</summary>
internal static class StructureReader
{
    private const string AsciiDoc = "text/asciidoc";

    /// <summary>Reads a document.</summary>
    /// <returns>The normalized text and its sections, in order.</returns>
    public static (string Text, IReadOnlyList<TextSection> Sections) Read(RagDocument document)
    {
        string mediaType = document.MediaType ?? MediaTypes.Of(document.Path);
        var text = new NormalText(document.Text.Length);
        if (document.Blocks.Count == 0 && CodeLanguage.Of(mediaType) is { } language)
        {
            IReadOnlyList<TextSection> parts = new CodeReader(text, language).Read(document.Text, document.Title);
            return (text.ToString(), parts);
        }

        IEnumerable<TextBlock> blocks = document.Blocks.Count > 0 ? GivenBlocks.Read(document.Text, document.Blocks, text)
            : RecordReader.CanRead(mediaType) ? RecordReader.Read(document.Text, mediaType, text)
            : new BlockReader(text, mediaType is MediaTypeNames.Text.Markdown or AsciiDoc, mediaType == AsciiDoc ? '=' : '#').Read(document.Text);
        TextSection[] sections = [.. SectionReader.Read(document.Title, blocks)];
        return (text.ToString(), sections);
    }
}
