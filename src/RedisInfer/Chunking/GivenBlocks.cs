namespace RedisInfer.Chunking;

/// <summary>The blocks that a reader of the document has found.</summary>
internal static class GivenBlocks
{
    /// <summary>Normalizes the text of each block and of the gaps between them. Gaps are paragraphs.</summary>
    public static List<TextBlock> Read(string text, IReadOnlyList<DocumentBlock> blocks, NormalText output)
    {
        List<TextBlock> read = [];
        int line = 1, position = 0;
        int? page = null;
        foreach (DocumentBlock block in blocks)
        {
            Add(DocumentBlockKind.Paragraph, block.Start, level: 0);
            page = block.Page;
            Add(block.Kind, block.End, block.Level);
        }

        Add(DocumentBlockKind.Paragraph, text.Length, level: 0);
        return read;

        void Add(DocumentBlockKind kind, int end, int level)
        {
            ReadOnlySpan<char> part = text.AsSpan(position, end - position);
            var lines = new DocumentLines(part);
            int first = -1, last = -1, firstLine = 0;
            while (lines.MoveNext())
            {
                bool isBlank = lines.Current.IsWhiteSpace();
                if (!isBlank || (first >= 0 && kind == DocumentBlockKind.Code))
                {
                    int start = output.Append(lines.Current, line + lines.Number - 1);
                    (first, firstLine) = first < 0 ? (start, line + lines.Number - 1) : (first, firstLine);
                    last = isBlank ? last : output.Length;
                }
                else
                {
                    Close();
                }
            }

            Close();
            line += CountLineEnds(part, end < text.Length ? text[end] : '\0');
            position = end;

            void Close()
            {
                if (first >= 0)
                    read.Add(new TextBlock(KindOf(kind), first, last, firstLine)
                    {
                        Level = level,
                        Page = page,
                        Name = kind == DocumentBlockKind.Heading ? HeadingLines.NameOf(output.Slice(first, last)) : null,
                    });
                first = -1;
            }
        }
    }

    /// <summary>Number of line ends. One that continues in the next character counts there.</summary>
    private static int CountLineEnds(ReadOnlySpan<char> text, char next)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char after = i + 1 < text.Length ? text[i + 1] : next;
            if (text[i] == '\n' || (text[i] == '\r' && after != '\n'))
                count++;
        }

        return count;
    }

    private static TextBlockKind KindOf(DocumentBlockKind kind) => kind switch
    {
        DocumentBlockKind.Heading => TextBlockKind.Heading,
        DocumentBlockKind.ListItem => TextBlockKind.ListItem,
        DocumentBlockKind.TableHeader => TextBlockKind.TableHeader,
        DocumentBlockKind.TableRow => TextBlockKind.TableRow,
        DocumentBlockKind.Code => TextBlockKind.Fence,
        _ => TextBlockKind.Paragraph,
    };
}
