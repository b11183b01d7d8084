using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RedisInfer.Extensions;

/// <summary>Citations as annotations of a chat's content. Their properties are numbers and strings, so that they outlive JSON.</summary>
internal static class ChatCitations
{
    private const string Number = "number";
    private const string Path = "path";
    private const string Chunk = "chunk";
    private const string StartLine = "startLine";
    private const string EndLine = "endLine";
    private const string Page = "page";
    private const string Trail = "trail";
    private const string Score = "score";

    /// <summary>The citations of an answer.</summary>
    /// <param name="request">The request, which has the passages of earlier turns.</param>
    /// <param name="answer">The answer.</param>
    public static List<AIAnnotation> Of(RagRequest request, RagAnswer answer)
    {
        var texts = new Dictionary<int, string>();
        foreach (RagPassage passage in (request.History ?? []).SelectMany(turn => turn.Passages).Concat(answer.Passages))
        {
            texts[passage.Number] = passage.Text;
        }

        return [.. answer.Citations.Select(citation => Of(citation, texts.GetValueOrDefault(citation.Number)))];
    }

    /// <summary>The passages that the annotations of earlier answers cite. Annotations of others are left out.</summary>
    public static IReadOnlyList<RagPassage> ReadPassages(IEnumerable<AIContent> contents) =>
    [
        .. contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Select(Read).OfType<RagPassage>()
            .DistinctBy(passage => passage.Number),
    ];

    private static CitationAnnotation Of(RagCitation citation, string? text)
    {
        var properties = new AdditionalPropertiesDictionary
        {
            [Number] = citation.Number,
            [Path] = citation.Path,
            [Chunk] = citation.Chunk,
            [StartLine] = citation.StartLine,
            [EndLine] = citation.EndLine,
            [Trail] = citation.Trail,
            [Score] = (double)citation.Score,
        };
        if (citation.Page is { } page)
            properties[Page] = page;
        return new CitationAnnotation
        {
            Title = citation.Trail.Length > 0 ? citation.Trail : citation.Path,
            FileId = citation.Path,
            Snippet = text,
            AdditionalProperties = properties,
            RawRepresentation = citation,
        };
    }

    private static RagPassage? Read(CitationAnnotation annotation)
    {
        if (annotation is not { Snippet: { Length: > 0 } text, AdditionalProperties: { } properties }
            || Int(properties, Number) is not { } number
            || String(properties, Path) is not { } path)
        {
            return null;
        }

        return new RagPassage
        {
            Number = number,
            Path = path,
            Chunk = Int(properties, Chunk) ?? 0,
            StartLine = Int(properties, StartLine) ?? 1,
            EndLine = Int(properties, EndLine) ?? 1,
            Page = Int(properties, Page),
            Trail = String(properties, Trail) ?? "",
            Score = (float)(Double(properties, Score) ?? 0),
            Text = text,
            TokenCount = 0,
        };
    }

    private static int? Int(AdditionalPropertiesDictionary properties, string name) =>
        Double(properties, name) is { } value && value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue ? (int)value : null;

    private static double? Double(AdditionalPropertiesDictionary properties, string name) => properties.GetValueOrDefault(name) switch
    {
        int or long or float or double => Convert.ToDouble(properties[name], CultureInfo.InvariantCulture),
        JsonElement { ValueKind: JsonValueKind.Number } element when element.TryGetDouble(out double value) => value,
        _ => null,
    };

    private static string? String(AdditionalPropertiesDictionary properties, string name) => properties.GetValueOrDefault(name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => null,
    };
}
