namespace RedisInfer.Patterns;

/// <summary>
/// A pattern with the wildcards of Git, compared with whole texts. Takes time in proportion to the product of both lengths at most.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>*</c> and <c>?</c> match no <c>/</c>.</item>
/// <item><c>**</c> matches any characters if it is a whole path segment. <c>**/</c> also matches nothing.</item>
/// <item><c>\</c> makes the next character literal.</item>
/// </list>
/// </remarks>
internal sealed class Wildcard
{
    private readonly Part[] _parts;
    private readonly bool _ignoreCase;

    private Wildcard(Part[] parts, bool ignoreCase) => (_parts, _ignoreCase) = (parts, ignoreCase);

    private enum PartKind
    {
        Letter,
        AnyLetter,
        Class,

        /// <summary>Any characters except <c>/</c>.</summary>
        InFolder,

        /// <summary>Any characters.</summary>
        AcrossFolders,

        /// <summary>Any folders, each with its <c>/</c>, or none.</summary>
        Folders,
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="literal">Characters without any wildcard that the pattern begins with.</param>
    /// <param name="pattern">The rest. Its start counts as the start of a path segment, even after a literal that does not end one.</param>
    /// <param name="ignoreCase">Whether ASCII letters match in both cases.</param>
    /// <returns>The pattern; <see langword="null"/> if it can match nothing: an unclosed bracket, or a backslash at its end.</returns>
    public static Wildcard? TryParse(ReadOnlySpan<char> literal, ReadOnlySpan<char> pattern, bool ignoreCase)
    {
        var parts = new List<Part>(literal.Length + pattern.Length);
        foreach (char letter in literal)
            parts.Add(Letter(letter, ignoreCase));
        for (int i = 0; i < pattern.Length;)
        {
            char next = pattern[i++];
            switch (next)
            {
                case '\\':
                    if (i == pattern.Length)
                        return null;
                    parts.Add(Letter(pattern[i++], ignoreCase));
                    break;
                case '?':
                    parts.Add(new Part(PartKind.AnyLetter));
                    break;
                case '[':
                    if (CharacterClass.TryRead(pattern, ref i) is not { } set)
                        return null;
                    parts.Add(new Part(PartKind.Class) { Set = set });
                    break;
                case '*':
                    parts.Add(new Part(ReadStars(pattern, ref i)));
                    break;
                default:
                    parts.Add(Letter(next, ignoreCase));
                    break;
            }
        }

        return new Wildcard([.. parts], ignoreCase);
    }

    /// <summary>Whether the pattern matches the whole text.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        // Only the last wildcard of each kind has to be tried with a longer match: the shortest match of an earlier one leaves most to
        // the parts after it.
        var inFolder = new Retry();
        var acrossFolders = new Retry();
        for (int part = 0, position = 0; ;)
        {
            if (part == _parts.Length && position == text.Length)
                return true;
            PartKind? kind = part < _parts.Length ? _parts[part].Kind : null;
            if (kind == PartKind.InFolder)
            {
                inFolder = new Retry(++part, position);
            }
            else if (kind is PartKind.AcrossFolders or PartKind.Folders)
            {
                acrossFolders = new Retry(++part, position);
                inFolder = default;
            }
            else if (kind is not null && position < text.Length && Matches(_parts[part], text, ref position))
            {
                part++;
            }
            else if (inFolder.Part > 0 && inFolder.Position < text.Length && text[inFolder.Position] != '/')
            {
                inFolder = inFolder with { Position = inFolder.Position + 1 };
                (part, position) = (inFolder.Part, inFolder.Position);
            }
            else if (acrossFolders.Part > 0 && Next(acrossFolders, text) is { } next)
            {
                acrossFolders = next;
                inFolder = default;
                (part, position) = (next.Part, next.Position);
            }
            else
            {
                return false;
            }
        }
    }

    private static PartKind ReadStars(ReadOnlySpan<char> pattern, ref int position)
    {
        int start = position - 1;
        while (position < pattern.Length && pattern[position] == '*')
            position++;
        bool isSegment = position - start > 1
            && (start == 0 || pattern[start - 1] == '/')
            && (position == pattern.Length || pattern[position] == '/' || pattern[position..].StartsWith("\\/"));
        if (!isSegment)
            return PartKind.InFolder;
        if (position == pattern.Length || pattern[position] != '/')
            return PartKind.AcrossFolders;
        position++;
        return PartKind.Folders;
    }

    private static Part Letter(char letter, bool ignoreCase) => new(PartKind.Letter, ignoreCase ? Lower(letter) : letter);

    private static char Lower(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;

    /// <summary>Whether a part for one character matches the text; moves after the character.</summary>
    private bool Matches(in Part part, ReadOnlySpan<char> text, ref int position)
    {
        char letter = _ignoreCase ? Lower(text[position]) : text[position];
        bool matches = part.Kind switch
        {
            PartKind.Letter => letter == part.Value,
            PartKind.AnyLetter => letter != '/',
            _ => part.Set!.Contains(letter, _ignoreCase),
        };
        position++;

        // A character of two UTF-16 units is one character.
        if (matches && part.Kind == PartKind.AnyLetter && char.IsHighSurrogate(letter)
            && position < text.Length && char.IsLowSurrogate(text[position]))
        {
            position++;
        }

        return matches;
    }

    /// <summary>The next longer match of a wildcard across folders; <see langword="null"/> if there is none.</summary>
    private Retry? Next(Retry retry, ReadOnlySpan<char> text)
    {
        if (_parts[retry.Part - 1].Kind == PartKind.AcrossFolders)
            return retry.Position < text.Length ? retry with { Position = retry.Position + 1 } : null;
        int slash = text[retry.Position..].IndexOf('/');
        return slash < 0 ? null : retry with { Position = retry.Position + slash + 1 };
    }

    private readonly record struct Part(PartKind Kind, char Value = '\0')
    {
        public CharacterClass? Set { get; init; }
    }

    /// <summary>Where to continue with a longer match of a wildcard: the part after it, and the end of its match so far.</summary>
    private readonly record struct Retry(int Part, int Position);
}
