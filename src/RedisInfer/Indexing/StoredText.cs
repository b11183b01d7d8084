using System.Text;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Indexing;

/// <summary>Puts the text of a document together from its stored chunks.</summary>
internal static class StoredText
{
    // What two chunks share is a paragraph. A few letters may be equal by chance.
    private const int LeastShared = 16;

    /// <summary>
    /// Joins chunks. Lines are where they were, except below a run of blank lines: where in a chunk it was is not stored, only that it was.
    /// </summary>
    /// <param name="chunks">The chunks in order; <see langword="null"/> for one that is gone.</param>
    /// <returns>The text; empty if all chunks are gone.</returns>
    public static string Join(IEnumerable<StoredChunk?> chunks)
    {
        var text = new StringBuilder();
        StoredChunk? last = null;
        foreach (StoredChunk chunk in chunks.OfType<StoredChunk>())
        {
            string own = OwnText(chunk);
            int shared = last is not null && chunk.StartLine <= last.EndLine ? Shared(text, own) : 0;
            int lineEnds = chunk.StartLine - (last?.EndLine ?? 1);
            if (shared == 0 && last is not null && lineEnds <= 0)
                text.Append(lineEnds == 0 ? " " : "\n");
            else
                text.Append('\n', Math.Max(0, lineEnds));
            AppendRest(text, own, shared, chunk.EndLine - chunk.StartLine - own.AsSpan().Count('\n'));
            last = chunk;
        }

        return text.ToString();
    }

    /// <summary>The text without the lines that a chunk repeats from before, such as the column names of a table.</summary>
    private static string OwnText(StoredChunk chunk)
    {
        int repeated = chunk.Text.AsSpan().Count('\n') - (chunk.EndLine - chunk.StartLine);
        int start = 0;
        for (; repeated > 0; repeated--)
            start = chunk.Text.IndexOf('\n', start) + 1;
        return chunk.Text[start..];
    }

    /// <summary>Length of the longest end of the text that the next chunk begins with.</summary>
    private static int Shared(StringBuilder text, string next)
    {
        int length = Math.Min(text.Length, next.Length);
        string end = text.ToString(text.Length - length, length);
        for (int shared = length; shared > 0; shared--)
        {
            if (end.AsSpan().EndsWith(next.AsSpan(0, shared)) && (shared >= LeastShared || AreLines(text, next, shared)))
                return shared;
        }

        return 0;
    }

    /// <summary>Whether what is shared is whole lines, here and there.</summary>
    private static bool AreLines(StringBuilder text, string next, int shared) =>
        (text.Length == shared || text[text.Length - shared - 1] == '\n') && (next.Length == shared || next[shared] == '\n');

    private static void AppendRest(StringBuilder text, string own, int start, int blankLines)
    {
        int blank = blankLines > 0 ? own.IndexOf("\n\n", start, StringComparison.Ordinal) : -1;
        if (blank < 0)
            text.Append(own, start, own.Length - start);
        else
            text.Append(own, start, blank - start).Append('\n', blankLines).Append(own, blank, own.Length - blank);
    }
}
