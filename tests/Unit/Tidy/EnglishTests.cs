using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>Comments, messages and documents are in plain English: short sentences, and the field's own words.</summary>
public sealed partial class EnglishTests
{
    private const int MostWords = 30;

    // Each with what to say instead. The glossary of docs/ARCHITECTURE.md has the terms.
    private static readonly (Regex Pattern, string Instead)[] Banned =
    [
        (AttentionState(), "KV state"),
        (ReadsAPrompt(), "prefill"),
        (Persons(), "name the request, the caller or the sequence"),
        (Anew(), "again, re-create, rebuild"),
        (Behind(), "after, next to, besides"),
        (Stands(), "is, is in, represents"),
        (InPlaceOf(), "instead of"),
        (GoesOn(), "continue"),
        (TakesAway(), "remove, release"),
        (WhereForIf(), "if"),
    ];

    [Theory]
    [InlineData("The attention states of a prompt.", "attention states")]
    [InlineData("A prompt is read in slices.", "prompt is read")]
    [InlineData("Whoever rents it disposes of it.", "Whoever")]
    [InlineData("The context is made anew.", "anew")]
    [InlineData("Prefill of 20 tokens behind 900 cached ones.", "behind")]
    [InlineData("It stands in the manifest.", "stands")]
    [InlineData("Connects now, in place of at the first question.", "in place of")]
    [InlineData("Null where there is none.", "Null where")]
    [InlineData("A standard step; the standing of nothing is understood.", "standing")]
    [InlineData("The tokens where the slice begins.", null)]
    [InlineData("The standard model understands.", null)]
    public void BannedWordsAreFound(string sentence, string? found) =>
        Assert.Equal(found, Banned.Select(word => word.Pattern.Match(sentence)).FirstOrDefault(match => match.Success)?.Value);

    [Fact]
    public void NoSentenceOfACommentIsLong() => Findings.AreNone(LongSentences(Comments()));

    [Fact]
    public void NoSentenceOfADocumentIsLong() => Findings.AreNone(LongSentences(Prose()));

    [Fact]
    public void CommentsUseTheFieldsWords() => Findings.AreNone(BannedWords(Comments()));

    [Fact]
    public void DocumentsUseTheFieldsWords() => Findings.AreNone(BannedWords(Prose().Concat(Cells())));

    [Fact]
    public void MessagesUseTheFieldsWords() => Findings.AreNone(BannedWords(Messages()));

    private static IEnumerable<string> LongSentences(IEnumerable<(string Place, string Text)> texts) =>
        from text in texts
        from sentence in SentenceEnd().Split(text.Text)
        let words = Word().Count(sentence)
        where words > MostWords
        select $"{text.Place}: {words} words, limit {MostWords}: {sentence.Trim()}";

    private static IEnumerable<string> BannedWords(IEnumerable<(string Place, string Text)> texts) =>
        from text in texts
        from word in Banned
        let match = word.Pattern.Match(text.Text)
        where match.Success
        select $"{text.Place}: '{match.Value}'; say: {word.Instead}";

    /// <summary>Comments and XML documentation, line comments that follow each other as one text.</summary>
    private static IEnumerable<(string Place, string Text)> Comments() => Sources.CSharp.SelectMany(file => Documentation(file).Concat(LineComments(file)));

    private static IEnumerable<(string Place, string Text)> Documentation(SourceFile file)
    {
        foreach (DocumentationCommentTriviaSyntax comment in file.Root.DescendantNodes(descendIntoTrivia: true).OfType<DocumentationCommentTriviaSyntax>())
        {
            string text = DocumentationMark().Replace(comment.ToFullString(), "\n");
            text = Reference().Replace(text, match => match.Groups["langword"].Success ? match.Groups["langword"].Value : "X");
            foreach (string part in BlockTag().Split(text.ReplaceLineEndings(" ")))
            {
                yield return (file.At(comment.Span), AnyTag().Replace(part, " "));
            }
        }
    }

    private static IEnumerable<(string Place, string Text)> LineComments(SourceFile file)
    {
        var text = "";
        SyntaxTrivia first = default;
        int lastLine = -2;
        foreach (SyntaxTrivia comment in file.Root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)))
        {
            int line = file.Tree.GetLineSpan(comment.Span).StartLinePosition.Line;
            string words = comment.ToString().TrimStart('/');
            if (line == lastLine + 1)
            {
                text += words;
            }
            else
            {
                if (text.Length > 0)
                    yield return (file.At(first.Span), text);
                (text, first) = (words, comment);
            }

            lastLine = line;
        }

        if (text.Length > 0)
            yield return (file.At(first.Span), text);
    }

    /// <summary>What the product says to people: literals of more than one word. The list of function words is data.</summary>
    private static IEnumerable<(string Place, string Text)> Messages() =>
        from file in Sources.Under("src")
        where file.Name != "FunctionWords"
        from token in file.Root.DescendantTokens()
        where token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken && token.ValueText.Trim().Contains(' ')
        select (file.At(token.Span), token.ValueText);

    // The handbook is data, and licenses are others' words.
    private static IEnumerable<(string Place, string[] Lines)> Documents() =>
        from file in Sources.Files
        where file.EndsWith(".md", StringComparison.Ordinal)
        where !file.StartsWith("samples/ConsoleDemo/handbook/", StringComparison.Ordinal) && file != "THIRD-PARTY-NOTICES.md"
        let text = CodeBlock().Replace(Sources.Read(file), match => new string('\n', match.Value.Count(c => c == '\n')))
        select (file, Link().Replace(Code().Replace(text, "X"), "${text}").Split('\n'));

    /// <summary>Paragraphs and items of lists.</summary>
    private static IEnumerable<(string Place, string Text)> Prose()
    {
        foreach ((string file, string[] lines) in Documents())
        {
            string text = "";
            int first = 0;
            for (int i = 0; i <= lines.Length; i++)
            {
                string line = i < lines.Length ? lines[i].Trim() : "";
                bool begins = line.Length == 0 || line[0] is '|' or '#' || ListItem().IsMatch(line);
                if (begins && text.Length > 0)
                {
                    yield return ($"{file}:{first + 1}", text);
                    text = "";
                }

                if (line.Length > 0 && line[0] != '|')
                {
                    first = text.Length == 0 ? i : first;
                    text += " " + line;
                }
            }
        }
    }

    private static IEnumerable<(string Place, string Text)> Cells() =>
        from document in Documents()
        from line in document.Lines.Index()
        where line.Item.StartsWith('|')
        select ($"{document.Place}:{line.Index + 1}", line.Item);

    [GeneratedRegex(@"\battention states?\b", RegexOptions.IgnoreCase)]
    private static partial Regex AttentionState();

    [GeneratedRegex(@"\b(prompts?|passages?) (is|are|was|were|be) (being )?read\b|\bread(s|ing)? (a |the |its |long )?prompts?\b", RegexOptions.IgnoreCase)]
    private static partial Regex ReadsAPrompt();

    [GeneratedRegex(@"\b(who(so)?m?ever|whosesoever|whom|nobody|somebody|everybody|anybody)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Persons();

    [GeneratedRegex(@"\banew\b", RegexOptions.IgnoreCase)]
    private static partial Regex Anew();

    [GeneratedRegex(@"\b(behind|beside)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Behind();

    [GeneratedRegex(@"\b(stands?|stood|standing|lies)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Stands();

    [GeneratedRegex(@"\bin place of\b", RegexOptions.IgnoreCase)]
    private static partial Regex InPlaceOf();

    [GeneratedRegex(@"\b(carry|carries|carried|goes|go|went) on\b", RegexOptions.IgnoreCase)]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"\b(take|takes|taken|took) away\b|\blets? go of\b", RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();

    [GeneratedRegex(@"\b(null|true|false|none|empty|nothing) where\b|\bwhere (there (is|are|was|were)|need be|not|none)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WhereForIf();

    [GeneratedRegex(@"(?<=[.?!])[""')]*\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\S*\w\S*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*///? ?", RegexOptions.Multiline)]
    private static partial Regex DocumentationMark();

    [GeneratedRegex(@"<see langword=""(?<langword>\w+)""\s*/>|<(see|seealso|paramref|typeparamref)\b[^>]*/>|<c>.*?</c>|<code>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex Reference();

    [GeneratedRegex(@"</?(?:summary|param|typeparam|returns|remarks|exception|value|list|item|para)\b[^>]*>")]
    private static partial Regex BlockTag();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex AnyTag();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^([-*]|\d+\.) ")]
    private static partial Regex ListItem();
}
