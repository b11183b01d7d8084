using RedisInfer.Chunking;

namespace RedisInfer.Tests.Property.Chunking;

/// <summary>Token counters with different properties.</summary>
internal static class Counters
{
    /// <summary>Counts words between white space. A long word costs no more than a short one.</summary>
    public static int Words(ReadOnlySpan<char> text)
    {
        int words = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c) && !inWord)
                words++;
            inWord = !char.IsWhiteSpace(c);
        }

        return words;
    }

    /// <summary>Characters / 3, rounded down. A short text costs nothing.</summary>
    public static int Thirds(ReadOnlySpan<char> text) => text.Length / 3;

    /// <summary>Merges as byte pair encodings do. The letters of a word merge in fours, and the space before it merges into it.</summary>
    public static int Merging(ReadOnlySpan<char> text)
    {
        int tokens = 0;
        int run = 0;
        for (int i = 0; i < text.Length; i++)
        {
            bool continues = i > 0 && char.IsLetter(text[i]) && (char.IsLetter(text[i - 1]) || text[i - 1] == ' ');
            run = continues && run < 4 ? run + 1 : 1;
            if (run == 1)
                tokens++;
        }

        return tokens;
    }

    /// <summary>A text costs more than its parts: joining two parts always adds.</summary>
    public static int Surcharging(ReadOnlySpan<char> text)
    {
        int words = Words(text);
        return checked(words + (int)Math.Min(1_000_000_000, (long)words * words / 100));
    }

    public static TheoryData<string> Names => [nameof(Words), nameof(Thirds), nameof(Merging), nameof(Surcharging)];

    public static TokenCounter Named(string name) => name switch
    {
        nameof(Words) => Words,
        nameof(Thirds) => Thirds,
        nameof(Merging) => Merging,
        _ => Surcharging,
    };
}
