using System.Security.Cryptography;
using System.Text;

namespace ConsoleDemo;

/// <summary>
/// Derives the corpus name from everything that determines the content of the corpus. Another folder, embedding, tokenizer or engine
/// on the same server gives another corpus, so vectors that cannot be compared are never mixed.
/// </summary>
internal static class CorpusName
{
    private const int MostReadableLength = 32;

    public static string For(DemoOptions options)
    {
        string identity = string.Join(
            '\n', options.Docs, Describe(options.ModelPath), options.EmbeddingModelPath is { } path ? Describe(path) : "lexical");
        identity += options.Engine == DemoOptions.OwnEngine ? "" : '\n' + options.Engine;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        return $"demo-{Readable(Path.GetFileName(options.Docs))}-{hash}";
    }

    /// <summary>Returns path and size, so that another model under the same file name gives another corpus.</summary>
    private static string Describe(string path) => FormattableString.Invariant($"{path}|{(File.Exists(path) ? new FileInfo(path).Length : 0)}");

    private static string Readable(string name)
    {
        IEnumerable<char> letters = name.Take(MostReadableLength).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        return string.Concat(letters).Trim('-') is { Length: > 0 } readable ? readable : "folder";
    }
}
