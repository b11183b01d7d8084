using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>Ids of log messages are unique, and listed with their texts.</summary>
public sealed partial class LogMessageTests
{
    private const string Page = "docs/OBSERVABILITY.md";

    [Fact]
    public void EveryLogMessageHasAnIdOfItsOwn()
    {
        Findings.AreNone(Messages().GroupBy(message => message.Id).Where(same => same.Count() > 1)
            .Select(same => $"id {same.Key} is that of {string.Join(" and ", same.Select(message => message.File))}"));
        Findings.AreNone(Sources.CSharp.Where(IsProduct)
            .Where(file => Attribute().Count(file.Root.ToFullString()) != AttributeWithId().Count(file.Root.ToFullString()))
            .Select(file => $"{file.Path}: a LoggerMessage has no EventId as its first argument"));
    }

    [Fact]
    public void ThePageListsExactlyTheMessagesOfTheCode()
    {
        var listed = ListRow().Matches(Sources.Read(Page)).ToDictionary(row => row.Groups["id"].Value, row => row.Groups["text"].Value);
        var logged = Messages().ToDictionary(message => message.Id, message => $"{message.Level} | {message.Text}");

        Findings.AreNone(logged.Where(message => listed.GetValueOrDefault(message.Key) != message.Value)
            .Select(message => $"{Page}: this row is missing: | {message.Key} | {message.Value} |"));
        Findings.AreNone(listed.Keys.Except(logged.Keys).Where(id => !OtherIds().Contains(id)).Select(id => $"{Page}: no message has the id {id}"));
    }

    private static bool IsProduct(SourceFile file) => file.Path.StartsWith("src/", StringComparison.Ordinal);

    private static IEnumerable<(string Id, string Level, string Text, string File)> Messages() =>
        from file in Sources.CSharp
        where IsProduct(file)
        from Match match in AttributeWithId().Matches(file.Root.ToFullString())
        let text = string.Concat(Part().Matches(match.Groups["text"].Value).Select(part => part.Groups["part"].Value))
        select (match.Groups["id"].Value, match.Groups["level"].Value, text, file.Path);

    // What llama.cpp says is logged as it comes.
    private static HashSet<string> OtherIds() =>
        [.. Sources.CSharp.Where(IsProduct).SelectMany(file => EventId().Matches(file.Root.ToFullString())).Select(match => match.Groups["id"].Value)];

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex Attribute();

    [GeneratedRegex(
        """\[LoggerMessage\(\s*EventId = (?<id>\d+), Level = LogLevel\.(?<level>\w+),\s*Message = (?<text>("[^"]*"[\s+]*)+)\)\]""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex AttributeWithId();

    [GeneratedRegex("\"(?<part>[^\"]*)\"")]
    private static partial Regex Part();

    [GeneratedRegex("(EventId Event = new|new EventId)\\((?<id>\\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex EventId();

    [GeneratedRegex(@"^\| (?<id>\d+) \| (?<text>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex ListRow();
}
