namespace RedisInfer.Patterns;

/// <summary>
/// A set of characters in brackets, such as <c>[a-z]</c>, <c>[!0-9]</c> or <c>[[:alpha:]_]</c>. As in Git, names of classes mean ASCII
/// characters, and no set contains <c>/</c>.
/// </summary>
internal sealed class CharacterClass
{
    private readonly bool _isNegative;
    private readonly Item[] _items;

    private CharacterClass(bool isNegative, Item[] items) => (_isNegative, _items) = (isNegative, items);

    /// <summary>Reads a set.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="position">Position after the opening bracket; moved after the closing one.</param>
    /// <returns>The set; <see langword="null"/> if it is not closed, or names a class that does not exist.</returns>
    public static CharacterClass? TryRead(ReadOnlySpan<char> pattern, ref int position)
    {
        bool isNegative = position < pattern.Length && pattern[position] is '!' or '^';
        position += isNegative ? 1 : 0;
        var items = new List<Item>();
        bool mayBeginRange = false;
        for (bool isFirst = true; position < pattern.Length; isFirst = false)
        {
            char next = pattern[position++];
            if (next == ']' && !isFirst)
                return new CharacterClass(isNegative, [.. items]);
            if (next == '[' && TryFindName(pattern[position..], out ReadOnlySpan<char> name))
            {
                if (Named(name) is not { } named)
                    return null;
                position += name.Length + 3;
                items.AddRange(named);
                mayBeginRange = false;
            }
            else if (next == '-' && mayBeginRange && position < pattern.Length && pattern[position] != ']')
            {
                if (!TryReadEnd(pattern, ref position, out char end))
                    return null;
                items.Add(new Item(items[^1].First, end, IsRange: true));
                mayBeginRange = false;
            }
            else
            {
                if (next == '\\')
                {
                    if (position == pattern.Length)
                        return null;
                    next = pattern[position++];
                }

                items.Add(new Item(next, next, IsRange: false));
                mayBeginRange = true;
            }
        }

        return null;
    }

    /// <summary>Whether the set contains a character.</summary>
    /// <param name="letter">The character; in lower case if case is ignored.</param>
    /// <param name="ignoreCase">Whether ranges and names mean both cases. As in Git, single characters do not.</param>
    public bool Contains(char letter, bool ignoreCase)
    {
        if (letter == '/')
            return false;
        char upper = ignoreCase && char.IsAsciiLetterLower(letter) ? char.ToUpperInvariant(letter) : letter;
        foreach (Item item in _items)
        {
            if (item.Has(letter) || (item.IsRange && item.Has(upper)))
                return !_isNegative;
        }

        return _isNegative;
    }

    private static bool TryReadEnd(ReadOnlySpan<char> pattern, ref int position, out char end)
    {
        end = pattern[position++];
        if (end != '\\')
            return true;
        if (position == pattern.Length)
            return false;
        end = pattern[position++];
        return true;
    }

    /// <summary>Finds the name in <c>:name:]</c>. If it is something else, the bracket before it is a character of the set.</summary>
    private static bool TryFindName(ReadOnlySpan<char> rest, out ReadOnlySpan<char> name)
    {
        name = default;
        if (rest.IsEmpty || rest[0] != ':')
            return false;
        int end = rest[1..].IndexOf(']');
        if (end < 1 || rest[end] != ':')
            return false;
        name = rest[1..end];
        return true;
    }

    private static Item[]? Named(ReadOnlySpan<char> name) => name switch
    {
        "alnum" => [.. Range("09"), .. Range("AZ"), .. Range("az")],
        "alpha" => [.. Range("AZ"), .. Range("az")],
        "blank" => [.. Range("\t\t"), .. Range("  ")],
        "cntrl" => [.. Range("\0\x1F"), .. Range("\x7F\x7F")],
        "digit" => Range("09"),
        "graph" => Range("!~"),
        "lower" => Range("az"),
        "print" => Range(" ~"),
        "punct" => [.. Range("!/"), .. Range(":@"), .. Range("[`"), .. Range("{~")],
        "space" => [.. Range("\t\n"), .. Range("\r\r"), .. Range("  ")],
        "upper" => Range("AZ"),
        "xdigit" => [.. Range("09"), .. Range("AF"), .. Range("af")],
        _ => null,
    };

    private static Item[] Range(string ends) => [new Item(ends[0], ends[1], IsRange: true)];

    private readonly record struct Item(char First, char Last, bool IsRange)
    {
        public bool Has(char letter) => First <= letter && letter <= Last;
    }
}
