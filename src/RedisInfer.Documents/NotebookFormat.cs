using System.Text.Json;
using System.Text.RegularExpressions;

namespace RedisInfer.Documents;

/// <summary>Jupyter notebooks: texts, code, and what the code printed.</summary>
internal sealed partial class NotebookFormat : IDocumentFormat
{
    // A training run prints thousands of lines that say nothing. What a cell printed is cut after these.
    private const int MaxOutputChars = 10_000;

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/x-ipynb+json"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using JsonDocument notebook = Parse(document, budget);
        if (notebook.RootElement.ValueKind != JsonValueKind.Object)
            throw new SkippedDocumentException("It is no notebook: it is no JSON object.");
        // Before version 4, cells were in worksheets.
        IEnumerable<JsonElement> sheets = Items(notebook.RootElement, "worksheets").Prepend(notebook.RootElement);
        foreach (JsonElement cell in sheets.SelectMany(sheet => Items(sheet, "cells")))
        {
            budget.Check();
            if (cell.ValueKind == JsonValueKind.Object)
                WriteCell(cell, output);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> document, ReadingBudget budget)
    {
        try
        {
            return JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = budget.Depth, AllowTrailingCommas = true });
        }
        catch (JsonException e) when (e.Message.Contains("maximum configured depth", StringComparison.OrdinalIgnoreCase))
        {
            throw budget.TooDeep();
        }
    }

    private static void WriteCell(JsonElement cell, StructuredText output)
    {
        string source = Text(cell, "source") is { Length: > 0 } text ? text : Text(cell, "input");
        switch (Text(cell, "cell_type"))
        {
            case "markdown":
                MarkdownText.Write(source, output);
                break;
            case "heading":
                bool hasLevel = cell.TryGetProperty("level", out JsonElement level) & level.ValueKind == JsonValueKind.Number;
                output.Add(DocumentBlockKind.Heading, source, hasLevel && level.TryGetInt32(out int number) ? number : 1);
                break;
            case "code":
                output.Add(DocumentBlockKind.Code, source);
                foreach (JsonElement result in Items(cell, "outputs"))
                    output.Add(DocumentBlockKind.Code, ResultText(result));
                break;
            default:
                output.AddText(source);
                break;
        }
    }

    private static string ResultText(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object)
            return "";
        string text = Text(result, "text");
        if (text.Length == 0 && result.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object)
            text = Text(data, "text/plain");
        if (text.Length == 0 && Text(result, "ename") is { Length: > 0 } error)
            text = $"{error}: {Text(result, "evalue")}";
        text = text.Length > MaxOutputChars ? text[..MaxOutputChars] : text;
        return Escape().Replace(text, "");
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array
            ? items.EnumerateArray() : [];

    /// <summary>A string, or the strings of an array joined.</summary>
    private static string Text(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
            return "";
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Array => string.Concat(
                value.EnumerateArray().Where(line => line.ValueKind == JsonValueKind.String).Select(line => line.GetString())),
            _ => "",
        };
    }

    // Colors of a terminal.
    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
