using System.Security.Cryptography;
using System.Text;

namespace Samples.Common;

/// <summary>
/// Derives the corpus name from everything that determines the content of the corpus. Another folder, embedding, tokenizer or engine
/// on the same server gives another corpus, so vectors that cannot be compared are never mixed.
/// </summary>
internal static class CorpusName
{
    private const int MostReadableLength = 32;

    /// <summary>The name for a folder that is indexed with these models.</summary>
    /// <param name="docs">The folder, as an absolute path.</param>
    /// <param name="modelPath">The answering model, whose tokenizer makes the chunks.</param>
    /// <param name="embeddingModelPath">The embedding model, or <see langword="null"/>.</param>
    /// <param name="engine">Name of the engine, if it is not the default.</param>
    public static string For(string docs, string modelPath, string? embeddingModelPath, string? engine = null)
    {
        string identity = string.Join('\n', docs, Describe(modelPath), embeddingModelPath is { } path ? Describe(path) : "lexical");
        identity += engine is null ? "" : '\n' + engine;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        return $"demo-{Readable(Path.GetFileName(docs))}-{hash}";
    }

    /// <summary>Returns path and size, so that another model under the same file name gives another corpus.</summary>
    private static string Describe(string path) => FormattableString.Invariant($"{path}|{(File.Exists(path) ? new FileInfo(path).Length : 0)}");

    private static string Readable(string name)
    {
        IEnumerable<char> letters = name.Take(MostReadableLength).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        return string.Concat(letters).Trim('-') is { Length: > 0 } readable ? readable : "folder";
    }
}
