using System.Text;

namespace RedisInfer.Folders;

/// <summary>
/// Text with one character for each byte. Git compares bytes: <c>?</c> is one byte of a name, and neither names nor rules need to be UTF-8.
/// </summary>
internal static class ByteText
{
    /// <summary>The bytes of a path in UTF-8.</summary>
    public static string Of(string path) => Ascii.IsValid(path) ? path : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path));

    /// <summary>Bytes as they are.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
