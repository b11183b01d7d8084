using FsCheck;
using FsCheck.Fluent;

namespace RedisInfer.Tests.Support;

/// <summary>Named generators of documents.</summary>
public static class DocumentTexts
{
    private static readonly Gen<string> Word = Gen.Elements(
        "a", "tide", "harbour", "Kai's", "e.g.", "3.5", "LW-204", "naïve", "Ångström", "ledger_line", "--force", "x=1;", "it", "of");

    public static Gen<string> Sentence { get; } =
        from words in Many(Word, 1, 14)
        from end in Gen.Elements(".", "!", "?", "", ":")
        select string.Join(' ', words) + end;

    private static Gen<string> Lines { get; } =
        from sentences in Many(Sentence, 1, 8)
        from separator in Gen.Elements(" ", "\n", "  \n", "\n    ")
        select string.Join(separator, sentences);

    public static Gen<string> Prose { get; } = Joined(Lines, "\n\n", "\n\n\n", "\n \t\n");

    public static Gen<string> Code { get; } = Joined(
        Gen.OneOf(
            Gen.Elements("}", "{", "    return x;", "\tif (a)\n\t{\n\t\tb();\n\t}", "# comment", "#include <a.h>", "\"\"\"", "---", "~~~~"),
            Lines),
        "\n", "\n\n", "\n\n\n\n");

    private static Gen<string> FencedBlock { get; } =
        from fence in Gen.Elements("```", "````", "~~~", "  ```", "    ~~~~")
        from info in Gen.Elements("", "cs", " json ")
        from body in Code
        from closes in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
        select fence + info + "\n" + body + (closes ? "\n" + fence : "");

    private static Gen<string> Heading { get; } = Gen.Elements(
        "# One", "## Two words", "###### Six", "Title\n=====", "Title\n---", "Rst\n~~~", "# One\n## Two");

    public static Gen<string> Markdown { get; } =
        Joined(Gen.Frequency((4, Lines), (2, FencedBlock), (3, Heading)), "\n\n", "\n\n\n", "\n");

    public static Gen<string> LongWords { get; } = Joined(
        from letter in Gen.Elements("x", "ab", "0", "…", "-")
        from times in Gen.Choose(1, 900)
        from tail in Gen.Elements("", " ", new string(' ', 300), "\t tail")
        select tail + string.Concat(Enumerable.Repeat(letter, times)) + tail,
        "\n", "\n\n", " ");

    public static Gen<string> Emoji { get; } = Joined(
        from rune in Gen.Elements("😀", "👩‍🚀", "𝔘", "漢字。", "\uD83D", "é")
        from times in Gen.Choose(1, 200)
        select string.Concat(Enumerable.Repeat(rune, times)),
        "\n", "\n\n", "");

    public static Gen<string> MixedLineEnds { get; } =
        from text in Gen.OneOf(Prose, Markdown, Code)
        from ends in Gen.Elements("\n", "\r\n", "\r").ArrayOf(7)
        from mark in Gen.Elements("", "\uFEFF")
        select mark + WithLineEnds(text, ends);

    public static Gen<string> Blank { get; } =
        from parts in Many(Gen.Elements(" ", "\n", "\r\n", "\t", "\r", "\u00A0", "\f"), 0, 30)
        select string.Concat(parts);

    public static Gen<string> Any { get; } = Gen.OneOf(Prose, Markdown, Code, MixedLineEnds, LongWords, Emoji, Blank);

    /// <summary>Short numbered paragraphs without headings and fences, each with at most 7 words and 60 characters.</summary>
    public static Gen<string[]> ShortParagraphs { get; } =
        from lengths in Many(Gen.Choose(1, 6), 1, 60)
        select lengths.Select((length, i) => $"p{i}" + string.Concat(Enumerable.Repeat(i % 3 == 0 ? "\nword" : " word", length))).ToArray();

    public static Gen<T[]> Many<T>(Gen<T> element, int least, int most) =>
        from count in Gen.Choose(least, most)
        from elements in element.ArrayOf(count)
        select elements;

    private static Gen<string> Joined(Gen<string> part, params string[] separators) =>
        from parts in Many(part, 1, 14)
        from chosen in Gen.Elements(separators).ArrayOf(parts.Length)
        select string.Concat(parts.Zip(chosen, (text, separator) => text + separator));

    private static string WithLineEnds(string text, string[] ends)
    {
        int next = 0;
        return string.Concat(text.Split('\n').Select(line => line + ends[next++ % ends.Length]));
    }
}
