using System.Collections.Frozen;
using System.Net.Mime;

namespace RedisInfer.Folders;

/// <summary>Finds the media type of a document by its file name.</summary>
internal static class MediaTypes
{
    /// <summary>The file name does not tell the media type.</summary>
    public const string Unknown = MediaTypeNames.Application.Octet;

    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = MediaTypeNames.Text.Csv,
        [".htm"] = MediaTypeNames.Text.Html,
        [".html"] = MediaTypeNames.Text.Html,
        [".json"] = MediaTypeNames.Application.Json,
        [".markdown"] = MediaTypeNames.Text.Markdown,
        [".md"] = MediaTypeNames.Text.Markdown,
        [".pdf"] = MediaTypeNames.Application.Pdf,
        [".txt"] = MediaTypeNames.Text.Plain,
        [".xml"] = MediaTypeNames.Text.Xml,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>File name extensions that tell a media type, with the dot.</summary>
    public static IEnumerable<string> Known => ByExtension.Keys;

    /// <summary>Returns the media type of a document.</summary>
    /// <param name="path">Its path.</param>
    public static string Of(string path) => ByExtension.GetValueOrDefault(Path.GetExtension(path), Unknown);
}
