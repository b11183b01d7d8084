using System.Text;
using RedisInfer.Errors;
using RedisInfer.Grammars.Tokens;
using RedisInfer.Inference;
using RedisInfer.Prompting;

namespace RedisInfer.Scheduling;

/// <summary>
/// Holds the answer of one sequence to a grammar. Before the answer, a model that may think can write thoughts and their marks. A thought ends
/// at the end of a token, so no token is part of both. The model cannot end its output before the answer is complete.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="thoughts">Tells thoughts from the answer; <see langword="null"/>: the answer begins with the first token.</param>
/// <param name="tokensLeft">Number of tokens that may still be generated.</param>
/// <param name="wasStopped">Whether a thought took too long and was ended. Then no other is begun.</param>
internal sealed class AnswerConstraint(AnswerRules rules, ThoughtReader? thoughts, Func<int> tokensLeft, Func<bool> wasStopped) : ITokenFilter
{
    // Most tokens of marks and white space that the model may choose between a thought and the answer.
    private const int MaxMarks = 24;

    private readonly GrammarMatcher _matcher = new(rules.Grammar);
    private readonly VocabularyBytes _vocabulary = rules.Grammar.Vocabulary;

    // Bytes that become the mark of a thought, or the beginning of the answer.
    private readonly List<byte> _held = [];
    private bool _hasBegun = thoughts is null;
    private int _marks;

    /// <summary>Whether the answer may end here.</summary>
    public bool IsComplete => _hasBegun && _matcher.IsComplete;

    /// <summary>Whether the answer must end here.</summary>
    public bool IsFinal => _hasBegun && _matcher.IsFinal;

    /// <summary>Whether a token was refused only because the rest would not fit. With more tokens, the answer would be longer.</summary>
    public bool IsShortened { get; private set; }

    public bool Allows(int token)
    {
        if (_vocabulary.IsEnd(token))
        {
            return IsComplete;
        }

        ReadOnlySpan<byte> bytes = rules.Tokenizer.GetBytes(token);
        if (_hasBegun)
        {
            bool isAllowed = !bytes.IsEmpty && _matcher.Allows(bytes, tokensLeft());
            IsShortened |= !isAllowed && !bytes.IsEmpty && _matcher.Allows(bytes, int.MaxValue);
            return isAllowed;
        }

        return thoughts!.Current is { } form ? StaysInThought(form, token, bytes) : IsMark(token, bytes) || BeginsAnswer(bytes);
    }

    public void Restrict(Span<float> logits)
    {
        bool isAny = false;
        if (_hasBegun || (thoughts!.Current is null && _held.Count == 0))
        {
            // A model that writes no mark here begins its answer.
            isAny = _matcher.Restrict(logits, tokensLeft());
        }
        else
        {
            for (int token = 0; token < logits.Length; token++)
            {
                bool isAllowed = Allows(token);
                logits[token] = isAllowed ? logits[token] : float.NegativeInfinity;
                isAny |= isAllowed;
            }
        }

        if (!isAny)
        {
            throw new RedisInferException(
                RedisInferErrorCode.DecodeFailed,
                "No token of the model's vocabulary continues the answer by its JSON schema. Raise MaxOutputTokens, or nest the schema less.");
        }
    }

    /// <summary>Takes note of a token, after its text was read.</summary>
    /// <param name="token">The token.</param>
    public void Append(int token)
    {
        ReadOnlySpan<byte> bytes = _vocabulary.BytesOf(token);
        if (_hasBegun)
        {
            _matcher.Append(bytes);
            return;
        }

        _held.AddRange(bytes);
        if (thoughts!.HasAnswer)
        {
            _hasBegun = true;
            _matcher.Append(Trimmed());
        }
        else if (thoughts.Current is not null || !thoughts.IsHolding || Trimmed().Length == 0)
        {
            _held.Clear();
        }

        _marks = thoughts.Current is null ? _marks + 1 : 0;
    }

    private byte[] Trimmed() => [.. _held.SkipWhile(value => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')];

    private bool StaysInThought(ThoughtForm form, int token, ReadOnlySpan<byte> bytes) =>
        (!bytes.IsEmpty && !bytes.Contains(form.LastByte)) || !WouldBeginAnswer(token, bytes);

    private bool IsMark(int token, ReadOnlySpan<byte> bytes) =>
        _marks < MaxMarks && !wasStopped() && _matcher.Tokens + MaxMarks - _marks < tokensLeft() && !WouldBeginAnswer(token, bytes);

    private bool WouldBeginAnswer(int token, ReadOnlySpan<byte> bytes) =>
        thoughts!.WouldBeginAnswer(Encoding.UTF8.GetString(bytes), bytes.IsEmpty ? rules.Tokenizer.GetControlName(token) : "");

    private bool BeginsAnswer(ReadOnlySpan<byte> bytes)
    {
        int before = _held.Count;
        _held.AddRange(bytes);
        byte[] text = Trimmed();
        _held.RemoveRange(before, bytes.Length);
        return !bytes.IsEmpty && text.Length > 0 && _matcher.Allows(text, tokensLeft());
    }
}
