using System.Buffers;
using System.Text;
using RedisInfer.Prompting;

namespace RedisInfer.Scheduling;

/// <summary>
/// Turns the bytes of tokens into text that may be shown. Holds back the bytes of an incomplete character, and text that may be the
/// beginning of a stop sequence. Tells thoughts from the answer.
/// </summary>
/// <param name="stopSequences">The answer ends before the first of these; none is empty.</param>
/// <param name="thoughts">Tells thoughts from the answer; <see langword="null"/>: all text is the answer.</param>
internal sealed class TextAssembler(IReadOnlyList<string> stopSequences, ThoughtReader? thoughts = null)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _held = new();

    /// <summary>Whether a stop sequence was found.</summary>
    public bool Stopped { get; private set; }

    /// <summary>The form of the current thought; <see langword="null"/> if the model is not thinking.</summary>
    public ThoughtForm? Thought => thoughts?.Current;

    /// <summary>Tells thoughts from the answer; <see langword="null"/>: all text is the answer.</summary>
    public ThoughtReader? Thoughts => thoughts;

    /// <summary>Takes what was read of thoughts since the last call.</summary>
    public string TakeThought() => thoughts?.TakeThought() ?? "";

    /// <summary>Adds the bytes of a token.</summary>
    /// <param name="bytes">UTF-8, possibly part of a character.</param>
    /// <param name="controlName">The name of a control token, which has no bytes; empty for others.</param>
    /// <returns>Text of the answer that is final; may be empty.</returns>
    public string Append(ReadOnlySpan<byte> bytes, string controlName = "")
    {
        Hold(Decode(bytes, flush: false), controlName);
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

        Hold(Decode([], flush: true), "");
        thoughts?.Finish();
        _held.Append(thoughts?.TakeAnswer());
        string text = _held.ToString();
        _held.Clear();
        return text;
    }

    private void Hold(string text, string controlName)
    {
        if (thoughts is null)
        {
            _held.Append(text);
            return;
        }

        thoughts.Append(text, isControl: false);
        thoughts.Append(controlName, isControl: true);
        _held.Append(thoughts.TakeAnswer());
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        char[] chars = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(bytes.Length + 4));
        try
        {
            return new string(chars, 0, _decoder.GetChars(bytes, chars, flush));
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
