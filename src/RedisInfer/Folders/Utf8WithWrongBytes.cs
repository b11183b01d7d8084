using System.Buffers;
using System.Text;

namespace RedisInfer.Folders;

/// <summary>
/// Recognizes UTF-8 in which some bytes are wrong: text in other encodings has few bytes that happen to be a character of UTF-8, and many
/// that are not.
/// </summary>
internal static class Utf8WithWrongBytes
{
    /// <summary>Whether there are characters beyond ASCII, and at least as many are valid as are not.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> bytes)
    {
        long valid = 0;
        long wrong = 0;
        while (bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and int next)
        {
            bytes = bytes[next..];
            bool isValid = Rune.DecodeFromUtf8(bytes, out _, out int length) == OperationStatus.Done;
            valid += isValid ? 1 : 0;
            wrong += isValid ? 0 : 1;
            bytes = bytes[length..];
        }

        return valid > 0 && valid >= wrong;
    }
}
