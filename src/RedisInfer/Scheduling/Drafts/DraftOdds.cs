namespace RedisInfer.Scheduling.Drafts;

/// <summary>
/// How likely it is that text continues as it did before: by the number of tokens that are equal so far, and by the last of them. Copies end at
/// the ends of sentences, and which tokens those are is learned. So are all other odds, from every token that is generated, whether it was
/// proposed or not. Old observations fade. Pure.
/// </summary>
internal sealed class DraftOdds
{
    // Observations that count for a number of equal tokens, and for a token.
    private const double LengthMemory = 64;
    private const double TokenMemory = 32;

    // As many observations as what is known by the number of tokens, or was before any observation, counts for.
    private const double LengthWeight = 4;
    private const double TokenWeight = 2;

    // For single tokens, so many equal ones are as good as more.
    private const int TokenLengths = 3;

    // Tokens share their places: a wrong estimate costs time alone.
    private const int Places = 1 << 12;

    // What is believed at first: the demo model over its handbook, and a little less.
    private static readonly double[] Usual = [0, .2, .4, .7, .8, .85, .9, .9, .9, .9, .9, .9, .9, .9, .9, .9, .9];

    private readonly Observations[] _byLength = new Observations[DraftMatch.MaxLength + 1];
    private readonly Observations[] _byToken = new Observations[Places * TokenLengths];

    /// <summary>The probability that the next token is the one that followed before.</summary>
    /// <param name="length">Number of equal tokens; 1 or more.</param>
    /// <param name="last">The last of them.</param>
    public double this[int length, int last]
    {
        get
        {
            int known = Math.Min(length, DraftMatch.MaxLength);
            return OfToken(length, last).Mean(_byLength[known].Mean(Usual[known], LengthWeight), TokenWeight);
        }
    }

    /// <summary>Records what followed.</summary>
    /// <param name="length">Number of tokens that were equal.</param>
    /// <param name="last">The last of them.</param>
    /// <param name="isSame">Whether the next token was the one that followed before.</param>
    public void Add(int length, int last, bool isSame)
    {
        _byLength[Math.Min(length, DraftMatch.MaxLength)].Add(isSame, LengthMemory);
        OfToken(length, last).Add(isSame, TokenMemory);
    }

    private ref Observations OfToken(int length, int last) =>
        ref _byToken[(last % Places * TokenLengths) + Math.Min(length, TokenLengths) - 1];

    private struct Observations
    {
        private float _all;
        private float _same;

        public readonly double Mean(double believed, double weight) => (_same + (weight * believed)) / (_all + weight);

        public void Add(bool isSame, double memory)
        {
            float kept = (float)(1 - (1 / memory));
            _all = (_all * kept) + 1;
            _same = (_same * kept) + (isSame ? 1 : 0);
        }
    }
}
