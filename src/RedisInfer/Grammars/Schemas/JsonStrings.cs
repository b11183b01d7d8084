using System.Text;

namespace RedisInfer.Grammars.Schemas;

/// <summary>Writes characters as a string of JSON has them: in UTF-8, with escapes for quotes, backslashes and control characters.</summary>
internal sealed class JsonStrings(GrammarBuilder grammar)
{
    private const int FirstPrintable = 0x20;

    private readonly Dictionary<string, Rule> _classes = [];
    private Rule? _text;

    /// <summary>A character of free text. Of control characters, it may be a tab or the end of a line.</summary>
    public Rule Character => Class(CharSet.Of((FirstPrintable, 0x10FFFF), ('\t', '\n'), ('\r', '\r')));

    /// <summary>Any string.</summary>
    public Rule Text => _text ??= Quoted(new Repeat(Character, 0, Repeat.NoLimit));

    /// <summary>A string.</summary>
    /// <param name="content">What is between the quotes.</param>
    public Rule Quoted(params Symbol[] content) => grammar.NewRule([grammar.Literal("\""), .. content, grammar.Literal("\"")]);

    /// <summary>One character of a set.</summary>
    /// <param name="set">The set; not empty.</param>
    public Rule Class(CharSet set)
    {
        string key = string.Join(' ', set.Ranges);
        if (_classes.TryGetValue(key, out Rule? known))
        {
            return known;
        }

        Rule rule = grammar.NewRule();
        _classes.Add(key, rule);
        foreach ((int first, int last) in set.Ranges)
        {
            AddRange(rule, first, last);
        }

        return rule;
    }

    /// <summary>Characters as they are.</summary>
    /// <param name="text">The characters; not empty.</param>
    public Literal Exactly(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            escaped.Append(Escape(c) ?? c.ToString());
        }

        return grammar.Literal(escaped.ToString());
    }

    private static string? Escape(int character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < FirstPrintable => $"\\u{character:x4}",
        _ => null,
    };

    private void AddRange(Rule rule, int first, int last)
    {
        int start = first;
        for (int character = first; character <= Math.Min(last, '\\'); character++)
        {
            if (Escape(character) is { } escape)
            {
                AddBytes(rule, start, character - 1);
                grammar.Add(rule, grammar.Literal(escape));
                start = character + 1;
            }
        }

        AddBytes(rule, start, last);
    }

    /// <summary>Adds the UTF-8 of a range. Each alternative is a range for each byte.</summary>
    private void AddBytes(Rule rule, int first, int last)
    {
        foreach (int end in (ReadOnlySpan<int>)[0x7F, 0x7FF, 0xFFFF, 0x10FFFF])
        {
            if (first <= Math.Min(last, end))
            {
                AddOfOneLength(rule, first, Math.Min(last, end));
                first = end + 1;
            }
        }
    }

    private void AddOfOneLength(Rule rule, int first, int last)
    {
        int length = new Rune(first).Utf8SequenceLength;
        for (int i = 1; i < length; i++)
        {
            int low = (1 << (6 * i)) - 1;
            if ((first & ~low) == (last & ~low))
            {
                continue;
            }

            int cut = (first & low) != 0 ? first | low : (last & low) != low ? (last & ~low) - 1 : -1;
            if (cut >= 0)
            {
                AddOfOneLength(rule, first, cut);
                AddOfOneLength(rule, cut + 1, last);
                return;
            }
        }

        Span<byte> from = stackalloc byte[4], to = stackalloc byte[4];
        new Rune(first).EncodeToUtf8(from);
        new Rune(last).EncodeToUtf8(to);
        var bytes = new Symbol[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = new ByteSet((from[i], to[i]));
        }

        grammar.Add(rule, bytes);
    }
}
