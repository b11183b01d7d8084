using System.Text.RegularExpressions;

namespace RedisInfer.Chunking;

/// <summary>Reads what is declared from the text before a body.</summary>
internal static partial class CodeDeclaration
{
    private static readonly string[] Keywords =
    [
        "if", "for", "foreach", "while", "switch", "catch", "using", "lock", "return", "new", "else", "fixed", "function", "func", "fn", "fun",
        "when", "match", "with", "elif", "do", "try", "finally", "await", "throw", "sizeof", "typeof", "synchronized", "assert", "and", "or", "not",
        "struct", "enum", "union", "class",
    ];

    /// <summary>Reads a declaration before an opening brace.</summary>
    /// <param name="text">The text since the last statement, without comments and strings.</param>
    /// <returns>Its kind and its name.</returns>
    public static (CodeScopeKind Kind, string Name) BeforeBrace(string text)
    {
        text = Attributes().Replace(text, "").Trim();
        if (text.EndsWith('='))
            return (CodeScopeKind.Transparent, "");
        Match type = Type().Match(text);
        if (type.Success)
            return (CodeScopeKind.Type, type.Groups["name"].Value);
        if (Namespace().IsMatch(text))
            return (CodeScopeKind.Transparent, "");
        foreach (Match call in Call().Matches(text))
        {
            if (!Keywords.Contains(call.Groups["name"].Value))
                return (CodeScopeKind.Member, call.Groups["name"].Value);
        }

        Match property = Property().Match(text);
        return property.Success && !Keywords.Contains(property.Groups["name"].Value) ? (CodeScopeKind.Member, property.Groups["name"].Value) : (CodeScopeKind.Transparent, "");
    }

    /// <summary>Reads a declaration whose body is indented.</summary>
    /// <returns>Its kind and its name; <see langword="null"/> if the line declares nothing.</returns>
    public static (CodeScopeKind Kind, string Name)? OfIndented(string line)
    {
        Match match = Indented().Match(line);
        if (!match.Success)
            return null;
        string name = match.Groups["name"].Value;
        return (match.Groups["type"].Success ? CodeScopeKind.Type : CodeScopeKind.Member, name);
    }

    /// <summary>Whether a line belongs to the declaration below it: a comment or an attribute.</summary>
    public static bool IsPrelude(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        return line.StartsWith("//") || line.StartsWith("/*") || line.StartsWith("*") || line.StartsWith("#") || line.StartsWith("--")
            || line.StartsWith("@") || line.StartsWith("'") || (line is ['[', .., ']']);
    }

    [GeneratedRegex(@"^(\s*(\[[^\]]*\]|\#!?\[[^\]]*\]|@\w+(\.\w+)*(\([^)]*\))?))+", RegexOptions.CultureInvariant)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"^(\w+\s+)*(namespace|module|package|extern)\b(?!\s*\()", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"(?<![\w.<>:,])(class|struct|interface|enum|record|trait|protocol|extension|object|union|actor|mixin|impl(\s*<[^>]*>)?)\s+((class|struct)\s+|[\w:<>, ]+\sfor\s+)?(?<name>[A-Za-z_]\w*)"
        + @"|\btype\s+(?<name>[A-Za-z_]\w*)[^=]*\b(struct|interface)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    [GeneratedRegex(@"(?<name>~?[A-Za-z_$]\w*)\s*(<[^()]*>)?\s*\(", RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(\w[\w<>\[\],?.]*\s+)+(?<name>[A-Za-z_][\w-]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Property();

    [GeneratedRegex(
        @"^\s*((async|export|default|public|private|protected|friend|shared|local|static|pub|final|abstract|partial|create|or|replace|overrides|overridable)\s+)*"
        + @"((?<type>class|module|struct|structure|interface|trait|impl|defmodule|enum|type)|def|defp|fn|func|function|fun|sub|proc|procedure|macro|property|member|let|let rec)\s+"
        + @"(self\.|this\.)?(?<name>[A-Za-z_]([\w.?!]|::)*)"
        + @"|^\s*(?<name>[A-Za-z_][\w-]*)\s*\(\)\s*\{?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Indented();
}
