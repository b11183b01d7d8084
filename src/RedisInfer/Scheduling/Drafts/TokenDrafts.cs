namespace RedisInfer.Scheduling.Drafts;

/// <summary>
/// The tokens that a sequence proposes for its next step: those that followed its last tokens in prompt or answer before. Answers over passages
/// copy from them. A proposed token is computed along with the one before it, which costs less than a step of its own. If it is what the
/// sampler then chooses, it is accepted. So it never changes what is generated.
/// </summary>
/// <param name="odds">What was learned from all sequences.</param>
/// <param name="most">Most tokens to propose at once.</param>
internal sealed class TokenDrafts(DraftOdds odds, int most)
{
    // As many tokens as the odds of all sequences count for, and how much of what this one did is kept with each further token.
    private const double Weight = 3;
    private const double Kept = .95;

    // A sequence that follows this much of what was to be expected is as good as others: few tokens tell little.
    private const double GoodShare = .8;

    // Index r: tokens to expect of a step with r rows.
    private readonly double[] _expected = new double[most + 2];
    private DraftMatch _match;

    // How many tokens of this sequence were to follow as before, and how many did.
    private double _hoped;
    private double _same;

    /// <summary>Number of tokens that can be proposed.</summary>
    public int Offered { get; private set; }

    /// <summary>Tokens that were proposed and computed so far.</summary>
    public int Proposed { get; private set; }

    /// <summary>Tokens of those that were accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Finds what to propose.</summary>
    /// <param name="tokens">The tokens of prompt and answer.</param>
    /// <param name="room">Most tokens that there is room for.</param>
    public void Look(ReadOnlySpan<int> tokens, int room)
    {
        _match = DraftMatch.Find(tokens);
        Offered = _match.Length == 0 ? 0 : Math.Max(0, Math.Min(Math.Min(most, room), tokens.Length - _match.Next));
        double likely = 1;
        double trust = Math.Min(1, (_same + Weight) / (_hoped + Weight) / GoodShare);
        _expected[1] = 1;
        for (int rows = 2; rows <= Offered + 1; rows++)
        {
            int last = rows == 2 ? tokens[^1] : tokens[_match.Next + rows - 3];
            likely *= trust * odds[_match.Length + rows - 2, last];
            _expected[rows] = _expected[rows - 1] + likely;
        }
    }

    /// <summary>How many tokens a step with so many rows gives on average.</summary>
    /// <param name="rows">Rows, 1 or more. Those without a token to propose give nothing.</param>
    public double Expected(int rows) => _expected[Math.Min(rows, Offered + 1)];

    /// <summary>The tokens to propose.</summary>
    /// <param name="tokens">The tokens of prompt and answer, as for <see cref="Look"/>.</param>
    public ReadOnlySpan<int> In(ReadOnlySpan<int> tokens) => tokens.Slice(_match.Next, Offered);

    /// <summary>Counts the tokens that were proposed in a step.</summary>
    public void Count(int proposed, int accepted)
    {
        Proposed += proposed;
        Accepted += accepted;
    }

    /// <summary>Learns from a token that was chosen, before it is appended.</summary>
    /// <param name="tokens">The tokens of prompt and answer before it.</param>
    /// <param name="token">The token.</param>
    public void Learn(ReadOnlySpan<int> tokens, int token)
    {
        if (_match.Length == 0)
        {
            return;
        }

        bool isSame = tokens[_match.Next] == token;
        _hoped = (_hoped * Kept) + odds[_match.Length, tokens[^1]];
        _same = (_same * Kept) + (isSame ? 1 : 0);
        odds.Add(_match.Length, tokens[^1], isSame);
        _match = isSame ? new DraftMatch(_match.Next + 1, _match.Length + 1) : default;
    }
}
