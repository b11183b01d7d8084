using System.Buffers;
using System.Text;

namespace RedisInfer.Scheduling;

/// <summary>
/// Turns the bytes of tokens into text that may be shown. Holds back the bytes of an incomplete character, and text that may be the
/// beginning of a stop sequence.
/// </summary>
/// <param name="stopSequences">The text ends before the first of these; none is empty.</param>
internal sealed class TextAssembler(IReadOnlyList<string> stopSequences)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _held = new();

    /// <summary>Whether a stop sequence was found.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Adds the bytes of a token.</summary>
    /// <param name="bytes">UTF-8, possibly part of a character.</param>
    /// <returns>Text that is final; may be empty.</returns>
    public string Append(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        if (_held.Length == 0)
        {
            return "";
        }

        string text = _held.ToString();
        int stop = FirstStop(text);
        if (stop >= 0)
        {
            Stopped = true;
            _held.Clear();
            return text[..stop];
        }

        int final = text.Length - LongestHeldTail(text);
        _held.Remove(0, final);
        return text[..final];
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back; an incomplete character becomes U+FFFD.</returns>
    public string Finish()
    {
        if (Stopped)
        {
            return "";
        }

        Decode([], flush: true);
        string text = _held.ToString();
        _held.Clear();
        return text;
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        char[] chars = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(bytes.Length + 4));
        try
        {
            _held.Append(chars, 0, _decoder.GetChars(bytes, chars, flush));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private int FirstStop(string text)
    {
        int first = -1;
        foreach (string stop in stopSequences)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first))
            {
                first = at;
            }
        }

        return first;
    }

    private int LongestHeldTail(string text)
    {
        int longest = 0;
        foreach (string stop in stopSequences)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
