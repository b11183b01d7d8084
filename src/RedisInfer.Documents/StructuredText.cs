using System.Text;

namespace RedisInfer.Documents;

/// <summary>Collects the text of a document and its structure. Used by one thread.</summary>
internal sealed class StructuredText(ReadingBudget budget)
{
    private const int MostLevels = 6;

    private readonly StringBuilder _text = new();
    private readonly List<DocumentBlock> _blocks = [];
    private bool _endsInCodeLine;

    /// <summary>Title of the document; <see langword="null"/> if it has none.</summary>
    public string? Title { get; set; }

    /// <summary>Encoding of the document, if it is text.</summary>
    public string? Encoding { get; set; }

    /// <summary>Number of characters.</summary>
    public int Length => _text.Length;

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>The blocks, in the order of the text.</summary>
    public IReadOnlyList<DocumentBlock> Blocks => _blocks;

    /// <summary>Adds a block: code with its lines, other text on one line. Adds nothing if it is only white space.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="text">Its text.</param>
    /// <param name="level">Level of a heading or of an item of a list, from 1; 0 for others.</param>
    /// <param name="page">Page, slide or sheet, from 1; <see langword="null"/> if there are none.</param>
    public void Add(DocumentBlockKind kind, string text, int level = 0, int? page = null)
    {
        text = kind == DocumentBlockKind.Code ? Lines(text) : OneLine.Of(Clean(text));
        AddClean(kind, text, level, page);
        _endsInCodeLine = false;
    }

    /// <summary>Adds plain text: paragraphs between blank lines, with their line breaks.</summary>
    public void AddText(string text, int? page = null)
    {
        var paragraph = new StringBuilder();
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (!line.IsWhiteSpace())
            {
                paragraph.Append(paragraph.Length > 0 ? "\n" : "").Append(line.TrimEnd());
                continue;
            }

            AddClean(DocumentBlockKind.Paragraph, Lines(paragraph.ToString()), 0, page);
            paragraph.Clear();
        }

        AddClean(DocumentBlockKind.Paragraph, Lines(paragraph.ToString()), 0, page);
        _endsInCodeLine = false;
    }

    /// <summary>Adds a line of code to the code before it.</summary>
    public void AddCodeLine(string line, int? page)
    {
        if (_endsInCodeLine)
        {
            line = Clean(line).TrimEnd();
            budget.SpendBlock(line.Length);
            _text.Append('\n').Append(line);
            _blocks[^1] = _blocks[^1] with { Length = _text.Length - _blocks[^1].Start };
        }
        else
        {
            int blocks = _blocks.Count;
            AddClean(DocumentBlockKind.Code, Lines(line), 0, page);
            _endsInCodeLine = _blocks.Count > blocks;
        }
    }

    /// <summary>Removes the page numbers of the blocks from this one on.</summary>
    public void ForgetPages(int first)
    {
        for (int i = first; i < _blocks.Count; i++)
            _blocks[i] = _blocks[i] with { Page = null };
    }

    private static string Lines(string text)
    {
        text = Clean(text).ReplaceLineEndings("\n");
        // The indentation of the first line belongs to it; blank lines before it do not.
        int start = 0;
        for (int i = 0; i < text.Length && char.IsWhiteSpace(text[i]); i++)
        {
            if (text[i] == '\n')
                start = i + 1;
        }

        return text[start..].TrimEnd();
    }

    /// <summary>Without control characters and halves of surrogate pairs.</summary>
    private static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(CleanChars))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' or '\r' || !Rune.IsControl(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> CleanChars = System.Buffers.SearchValues.Create(
        "\t\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~äöüÄÖÜßéèà–—’“”•");

    private void AddClean(DocumentBlockKind kind, string text, int level, int? page)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        budget.SpendBlock(text.Length);
        if (_text.Length > 0)
            _text.Append(IsDense(_blocks[^1].Kind, kind) ? "\n" : "\n\n");
        _blocks.Add(new DocumentBlock(kind, _text.Length, text.Length) { Level = LevelOf(kind, level), Page = page });
        _text.Append(text);
    }

    private static int LevelOf(DocumentBlockKind kind, int level) => kind switch
    {
        DocumentBlockKind.Heading => Math.Clamp(level, 1, MostLevels),
        DocumentBlockKind.ListItem => Math.Max(level, 1),
        _ => 0,
    };

    /// <summary>Whether no blank line is between the two: rows of one table, items of one list.</summary>
    private static bool IsDense(DocumentBlockKind last, DocumentBlockKind next) =>
        (last is DocumentBlockKind.TableHeader or DocumentBlockKind.TableRow && next is DocumentBlockKind.TableRow)
        || (last is DocumentBlockKind.ListItem && next is DocumentBlockKind.ListItem);
}
