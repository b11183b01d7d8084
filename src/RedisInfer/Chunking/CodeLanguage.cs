using System.Collections.Frozen;

namespace RedisInfer.Chunking;

/// <summary>How the parts of source code are found.</summary>
/// <param name="HasBraces">Whether braces enclose them. Otherwise the indentation does.</param>
/// <param name="HasHashComments">Whether a hash begins a comment or a directive.</param>
internal sealed record CodeLanguage(bool HasBraces, bool HasHashComments)
{
    private static readonly FrozenDictionary<string, CodeLanguage> ByMediaType = Table();

    /// <summary>The language of a media type; <see langword="null"/> if it is no source code.</summary>
    public static CodeLanguage? Of(string mediaType) => ByMediaType.GetValueOrDefault(mediaType);

    private static FrozenDictionary<string, CodeLanguage> Table()
    {
        var withBraces = new CodeLanguage(HasBraces: true, HasHashComments: true);
        var scripts = new CodeLanguage(HasBraces: true, HasHashComments: false);
        var byIndentation = new CodeLanguage(HasBraces: false, HasHashComments: true);
        string[] braces =
        [
            "csharp", "java", "kotlin", "scala", "groovy", "c", "c++", "objective-c", "swift", "go", "rust", "dart", "php", "perl", "powershell", "r",
        ];
        string[] indentation =
        [
            "fsharp", "vb", "python", "ruby", "lua", "julia", "haskell", "elixir", "erlang", "clojure", "sql", "shellscript", "dockerfile",
            "makefile",
        ];
        return braces.Select(name => KeyValuePair.Create("text/x-" + name, withBraces))
            .Concat(((string[])["text/javascript", "text/x-typescript", "text/css"]).Select(type => KeyValuePair.Create(type, scripts)))
            .Concat(indentation.Select(name => KeyValuePair.Create("text/x-" + name, byIndentation)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
