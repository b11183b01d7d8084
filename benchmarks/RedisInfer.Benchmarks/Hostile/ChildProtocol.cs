using System.Globalization;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>
/// The lines that a child and its parent exchange. The parent sends the first number of a range and its length. The child sends each of
/// its lines after a mark, so that what native code prints is not taken for one.
/// </summary>
internal static class ChildProtocol
{
    /// <summary>The child has prepared and waits for a range.</summary>
    public const string Ready = "ready";

    /// <summary>The child starts an input; its number follows.</summary>
    public const string Begin = "begin";

    /// <summary>The range is done; the resident bytes of the child follow.</summary>
    public const string Done = "done";

    private const string Mark = "hostile> ";

    public static string Format(string word, long number = 0, string detail = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{Mark}{word} {number} {detail}");

    /// <summary>Reads a line of a child; <see langword="null"/> if it is something else.</summary>
    public static (string Word, long Number, string Detail)? Parse(string line)
    {
        if (!line.StartsWith(Mark, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = line[Mark.Length..].Split(' ', 3);
        return parts.Length == 3 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long number) ? (parts[0], number, parts[2]) : null;
    }
}
