namespace RedisInfer.Grammars.Tokens;

/// <summary>
/// Holds a generated text to a grammar, token by token. A token is allowed if the text can still be ended with the tokens that are left after
/// it. So a text that has begun in time always ends. Used by one thread at a time.
/// </summary>
/// <param name="costs">The grammar, for the vocabulary of the tokens.</param>
internal sealed class GrammarMatcher(GrammarCosts costs)
{
    private readonly MatchTable _table = new(costs);
    private readonly MatchState?[] _path = new MatchState?[costs.Vocabulary.MaxLength + 1];
    private bool[] _isAllowed = [];
    private MatchState? _state;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => State.IsComplete;

    /// <summary>Whether the text must end here.</summary>
    public bool IsFinal => State.IsFinal;

    /// <summary>Tokens of the shortest text from here to the end.</summary>
    public long Tokens => State.Tokens;

    private MatchState State => _state ??= _table.Start();

    /// <summary>Whether bytes may follow.</summary>
    /// <param name="bytes">The bytes of a token; not empty.</param>
    /// <param name="tokensLeft">Tokens that may be generated, this one included.</param>
    public bool Allows(ReadOnlySpan<byte> bytes, int tokensLeft) => After(bytes) is { } next && next.Tokens < tokensLeft;

    /// <summary>Appends bytes that may follow.</summary>
    /// <param name="bytes">The bytes of a token.</param>
    public void Append(ReadOnlySpan<byte> bytes) =>
        _state = After(bytes) ?? throw new InvalidOperationException("The bytes do not follow the grammar. Check Allows before Append.");

    /// <summary>Sets the logits of tokens that may not follow to minus infinity.</summary>
    /// <param name="logits">One number for each token of the vocabulary.</param>
    /// <param name="tokensLeft">Tokens that may be generated, the next one included.</param>
    /// <returns>Whether a token is left.</returns>
    public bool Restrict(Span<float> logits, int tokensLeft)
    {
        VocabularyBytes vocabulary = costs.Vocabulary;
        if (_isAllowed.Length != logits.Length)
        {
            _isAllowed = new bool[logits.Length];
        }

        _isAllowed.AsSpan().Clear();
        _path[0] = State;
        bool isAny = false;
        int refusedAt = int.MaxValue; // Tokens that begin with that many bytes like the one before are refused, too.
        for (int place = 0; place < vocabulary.Count; place++)
        {
            int common = vocabulary.CommonAt(place);
            if (common >= refusedAt)
            {
                continue;
            }

            refusedAt = Walk(vocabulary.BytesAt(place), common);
            if (refusedAt == int.MaxValue && _path[vocabulary.BytesAt(place).Length]!.Tokens < tokensLeft)
            {
                _isAllowed[vocabulary.TokenAt(place)] = true;
                isAny = true;
            }
        }

        foreach (int end in vocabulary.Ends)
        {
            _isAllowed[end] = IsComplete;
            isAny |= IsComplete;
        }

        for (int token = 0; token < logits.Length; token++)
        {
            logits[token] = _isAllowed[token] ? logits[token] : float.NegativeInfinity;
        }

        return isAny;
    }

    /// <summary>Follows the bytes of a token.</summary>
    /// <returns>The length at which they are refused; <see cref="int.MaxValue"/>: they are not.</returns>
    private int Walk(ReadOnlySpan<byte> bytes, int from)
    {
        for (int i = from; i < bytes.Length; i++)
        {
            _path[i + 1] = _table.Next(_path[i]!, bytes[i]);
            if (_path[i + 1] is null)
            {
                return i + 1;
            }
        }

        return int.MaxValue;
    }

    private MatchState? After(ReadOnlySpan<byte> bytes)
    {
        MatchState? state = State;
        for (int i = 0; i < bytes.Length && state is not null; i++)
        {
            state = _table.Next(state, bytes[i]);
        }

        return state;
    }
}
