using System.Globalization;

namespace RedisInfer.Grammars.Schemas;

/// <summary>
/// Turns a regular expression into rules for the content of a string. It knows what can be written without looking back or ahead:
/// characters, classes, groups, alternatives and repetitions, and anchors at both ends.
/// </summary>
internal sealed class PatternReader(string pattern, GrammarBuilder grammar, JsonStrings strings)
{
    /// <summary>Most characters of a pattern.</summary>
    public const int MaxLength = 2000;

    private const int MaxGroups = 40;
    private const string Special = "\\^$.|?*+()[]{}";

    private int _at;
    private int _groups;

    private bool IsAtEnd => _at == pattern.Length;

    /// <summary>Reads the pattern.</summary>
    /// <returns>The content of a string that matches it.</returns>
    /// <exception cref="FormatException">It has something that cannot be expressed. The message says what.</exception>
    public Rule Read()
    {
        if (pattern.Length > MaxLength)
        {
            throw new FormatException($"has {pattern.Length} characters: use at most {MaxLength}");
        }

        Rule rule = grammar.NewRule();
        do
        {
            bool isStart = Take('^');
            (List<Symbol> symbols, _) = ReadRow();
            bool isEnd = Take('$');
            grammar.Add(rule, [.. isStart ? [] : Anything(), .. symbols, .. isEnd ? [] : Anything()]);
        }
        while (Take('|'));
        return IsAtEnd ? rule : throw Unknown(pattern[_at] == ')' ? "a ')' without its '('" : "an anchor that is not at an end");
    }

    private static FormatException Unknown(string what) => new($"has {what}");

    private IEnumerable<Symbol> Anything() => [new Repeat(strings.Character, 0, Repeat.NoLimit)];

    private bool Take(char expected)
    {
        bool isNext = !IsAtEnd && pattern[_at] == expected;
        _at += isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>Reads up to the end of an alternative.</summary>
    /// <returns>Its symbols, and whether it may be empty.</returns>
    private (List<Symbol> Symbols, bool MayBeEmpty) ReadRow()
    {
        List<Symbol> symbols = [];
        bool mayBeEmpty = true;
        while (!IsAtEnd && pattern[_at] is not ('|' or ')' or '$'))
        {
            (Rule body, bool isEmpty) = ReadOne();
            (int min, int max) = ReadCount();
            if (isEmpty && (min, max) != (1, 1))
            {
                throw Unknown("a repetition of what may be empty");
            }

            if (max > 0)
            {
                symbols.Add((min, max) == (1, 1) ? body : new Repeat(body, min, max));
                mayBeEmpty &= isEmpty || min == 0;
            }

            if (grammar.IsTooLarge)
            {
                throw Unknown("too many parts");
            }
        }

        return (symbols, mayBeEmpty);
    }

    private (Rule Body, bool MayBeEmpty) ReadOne()
    {
        char c = pattern[_at++];
        return c switch
        {
            '(' => ReadGroup(),
            '[' => (strings.Class(NotEmpty(ReadClass())), false),
            '.' => (strings.Class(CharSet.NoLineEnd), false),
            '\\' => (strings.Class(NotEmpty(ReadEscape())), false),
            _ when Special.Contains(c, StringComparison.Ordinal) && c is not (']' or '}') => throw Unknown($"'{c}' at {_at - 1}"),
            _ => (strings.Class(CharSet.Of(Whole(c))), false),
        };
    }

    private static CharSet NotEmpty(CharSet set) => set.IsEmpty ? throw Unknown("a class without characters") : set;

    private (int First, int Last) Whole(char c)
    {
        if (char.IsHighSurrogate(c) && !IsAtEnd && char.IsLowSurrogate(pattern[_at]))
        {
            int character = char.ConvertToUtf32(c, pattern[_at++]);
            return (character, character);
        }

        return char.IsSurrogate(c) ? throw Unknown("half of a character") : (c, c);
    }

    private (Rule Body, bool MayBeEmpty) ReadGroup()
    {
        if (++_groups > MaxGroups)
        {
            throw Unknown($"over {MaxGroups} groups");
        }

        if (Take('?') && !Take(':'))
        {
            throw Unknown("a group that is not '(...)' or '(?:...)'");
        }

        Rule rule = grammar.NewRule();
        bool mayBeEmpty = false;
        do
        {
            (List<Symbol> symbols, bool isEmpty) = ReadRow();
            grammar.Add(rule, symbols);
            mayBeEmpty |= isEmpty;
        }
        while (Take('|'));
        return Take(')') ? (rule, mayBeEmpty) : throw Unknown(IsAtEnd ? "a '(' without its ')'" : "an anchor in a group");
    }

    private (int Min, int Max) ReadCount()
    {
        (int Min, int Max) count = IsAtEnd ? (1, 1) : pattern[_at] switch
        {
            '*' => (0, Repeat.NoLimit),
            '+' => (1, Repeat.NoLimit),
            '?' => (0, 1),
            '{' => (-1, -1),
            _ => (1, 1),
        };
        if (count == (1, 1))
        {
            return count;
        }

        _at++;
        count = count.Min < 0 ? ReadBraces() : count;
        Take('?'); // What a lazy repetition matches is the same.
        return !IsAtEnd && pattern[_at] is '*' or '+' or '?' or '{' ? throw Unknown("a repetition of a repetition") : count;
    }

    private (int Min, int Max) ReadBraces()
    {
        int end = pattern.IndexOf('}', _at);
        string[] bounds = (end < 0 ? "" : pattern[_at..end]).Split(',');
        _at = end + 1;
        if (bounds.Length > 2 || !TryNumber(bounds[0], out int min))
        {
            throw Unknown("a '{' that begins no repetition");
        }

        int max = min;
        if (bounds.Length == 2 && bounds[1].Length == 0)
        {
            return (min, Repeat.NoLimit);
        }

        return bounds.Length == 2 && (!TryNumber(bounds[1], out max) || max < min) ? throw Unknown("a repetition with wrong bounds") : (min, max);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < Repeat.NoLimit;

    private CharSet ReadClass()
    {
        bool isNegated = Take('^');
        List<(int First, int Last)> ranges = [];
        while (!Take(']'))
        {
            CharSet first = ReadInClass();
            bool isRange = _at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']';
            if (!isRange)
            {
                ranges.AddRange(first.Ranges);
                continue;
            }

            _at++;
            CharSet last = ReadInClass();
            if (!IsOne(first) || !IsOne(last) || last.Ranges[0].First < first.Ranges[0].First)
            {
                throw Unknown("a class with a wrong range");
            }

            ranges.Add((first.Ranges[0].First, last.Ranges[0].First));
        }

        CharSet set = CharSet.Of(ranges);
        return isNegated ? set.Complement() : set;
    }

    private static bool IsOne(CharSet set) => set.Ranges is [var (first, last)] && first == last;

    private CharSet ReadInClass()
    {
        if (IsAtEnd)
        {
            throw Unknown("a '[' without its ']'");
        }

        char c = pattern[_at++];
        return c == '\\' ? ReadEscape() : CharSet.Of(Whole(c));
    }

    private CharSet ReadEscape()
    {
        char c = IsAtEnd ? throw Unknown("a backslash at its end") : pattern[_at++];
        return c switch
        {
            'd' => CharSet.Digits,
            'D' => CharSet.Digits.Complement().And(CharSet.Ascii),
            'w' => CharSet.WordCharacters,
            'W' => CharSet.WordCharacters.Complement().And(CharSet.Ascii),
            's' => CharSet.Spaces,
            'S' => CharSet.NoSpaces,
            't' => One('\t'),
            'n' => One('\n'),
            'r' => One('\r'),
            'f' => One('\f'),
            'v' => One('\v'),
            'x' => One(ReadHex(2)),
            'u' => One(ReadHex(4)),
            _ when char.IsAsciiLetterOrDigit(c) => throw Unknown($"'\\{c}'"),
            _ => CharSet.Of(Whole(c)),
        };
    }

    private static CharSet One(int character) => CharSet.Of((character, character));

    private int ReadHex(int length)
    {
        int start = _at;
        _at = Math.Min(pattern.Length, _at + length);
        return int.TryParse(pattern.AsSpan(start, _at - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            && _at - start == length ? value : throw Unknown("an escape without its digits");
    }
}
