using System.Text;

namespace RedisInfer.Prompting;

/// <summary>
/// Tells a model's thoughts from its answer, while the text is generated. A thought is at the beginning: the prompt has opened it, or the
/// model opens it as the first thing that it writes. Later, its marks are text: an answer may speak of them.
/// </summary>
/// <param name="open">The form of the thought that the prompt has opened; <see langword="null"/>: none.</param>
internal sealed class ThoughtReader(ThoughtForm? open)
{
    private readonly StringBuilder _held = new();

    // For each character held, whether it is the name of a control token. Such a name is never shown.
    private readonly List<bool> _isControl = [];
    private readonly StringBuilder _thought = new();
    private readonly StringBuilder _answer = new();
    private bool _hasAnswer;
    private bool _hasThought;

    /// <summary>The form of the current thought; <see langword="null"/> if the model is not thinking.</summary>
    public ThoughtForm? Current { get; private set; } = open;

    /// <summary>Whether the answer has begun. What may become the mark of a thought is held back and has not.</summary>
    public bool HasAnswer => _hasAnswer;

    /// <summary>Whether text is held back.</summary>
    public bool IsHolding => _held.Length > 0;

    /// <summary>Whether the answer would begin if text were added.</summary>
    /// <param name="text">What a token spells.</param>
    /// <param name="controlName">The name of a control token; empty for others.</param>
    public bool WouldBeginAnswer(string text, string controlName)
    {
        var copy = new ThoughtReader(Current) { _hasThought = _hasThought };
        copy._held.Append(_held);
        copy._isControl.AddRange(_isControl);
        copy.Append(text, isControl: false);
        copy.Append(controlName, isControl: true);
        return copy._hasAnswer;
    }

    /// <summary>Adds text.</summary>
    /// <param name="text">What a token spells.</param>
    /// <param name="isControl">Whether this is the name of a control token.</param>
    public void Append(string text, bool isControl)
    {
        if (_hasAnswer)
        {
            _answer.Append(isControl ? "" : text);
            return;
        }

        _held.Append(text);
        _isControl.AddRange(Enumerable.Repeat(isControl, text.Length));
        while (Advance())
        {
        }
    }

    /// <summary>Ends the text: what was held back belongs to what it is in.</summary>
    public void Finish()
    {
        if (Current is null && !_hasAnswer)
            BeginAnswer();
        else
            Release(_held.Length, _thought);
    }

    /// <summary>Takes what was read of thoughts since the last call.</summary>
    public string TakeThought() => Take(_thought);

    /// <summary>Takes what was read of the answer since the last call.</summary>
    public string TakeAnswer() => Take(_answer);

    private static string Take(StringBuilder text)
    {
        string taken = text.ToString();
        text.Clear();
        return taken;
    }

    /// <summary>Reads on in what is held.</summary>
    /// <returns>Whether there may be more to read.</returns>
    private bool Advance() => Current is { } form ? InThought(form) : BeforeAnswer();

    private bool InThought(ThoughtForm form)
    {
        string held = _held.ToString();
        int end = held.IndexOf(form.Close, StringComparison.Ordinal);
        if (end < 0)
        {
            Release(held.Length - HeldTail(held, form.Close), _thought);
            return false;
        }

        Release(end, _thought);
        Drop(form.Close.Length);
        (Current, _hasThought) = (null, true);
        return true;
    }

    private bool BeforeAnswer()
    {
        string held = _held.ToString();
        int start = held.Length - held.AsSpan().TrimStart().Length;
        string rest = held[start..];
        if (ThoughtForm.All.FirstOrDefault(form => rest.StartsWith(form.Open, StringComparison.Ordinal)) is { } form)
        {
            Drop(start + form.Open.Length);
            Current = form;
            return true;
        }

        if (ThoughtForm.Between.FirstOrDefault(mark => rest.StartsWith(mark, StringComparison.Ordinal)) is { } between)
        {
            Drop(start + between.Length);
            _hasThought = true;
            return true;
        }

        bool mayBecomeMark = ThoughtForm.All.Any(form => form.Open.StartsWith(rest, StringComparison.Ordinal))
            || ThoughtForm.Between.Any(mark => mark.StartsWith(rest, StringComparison.Ordinal));
        if (mayBecomeMark)
            return false;

        BeginAnswer();
        return false;
    }

    // After a thought, the answer begins with its first letter. Otherwise, only the space that some vocabularies put first is not part of it.
    private void BeginAnswer()
    {
        string held = _held.ToString();
        Drop(_hasThought ? held.Length - held.AsSpan().TrimStart().Length : held.StartsWith(' ') ? 1 : 0);
        _hasAnswer = true;
        Release(_held.Length, _answer);
    }

    // Length of the longest end of a text that may be the beginning of a mark.
    private static int HeldTail(string text, string mark)
    {
        for (int length = Math.Min(mark.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(mark.AsSpan(0, length)))
                return length;
        }

        return 0;
    }

    private void Release(int length, StringBuilder destination)
    {
        for (int i = 0; i < length; i++)
        {
            if (!_isControl[i])
                destination.Append(_held[i]);
        }

        Drop(length);
    }

    private void Drop(int length)
    {
        _held.Remove(0, length);
        _isControl.RemoveRange(0, length);
    }
}
