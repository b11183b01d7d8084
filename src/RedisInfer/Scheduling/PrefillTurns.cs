namespace RedisInfer.Scheduling;

/// <summary>
/// Decides whether a step decodes for the answers that run, or prefills a slice of a prompt, while there are both. After each slice, or a
/// few short ones, every answer gets at least one token. With few requests it gets several: one request then hardly delays another, and
/// there is little to gain from decoding for many at once. With more requests, prompts come first, so that soon many answers share the cost
/// of a step. Decides by how long earlier steps took. Pure.
/// </summary>
/// <param name="sliceSize">Tokens of a slice, at least.</param>
internal sealed class PrefillTurns(int sliceSize)
{
    // A slice lasts about as long as a step of the answers, if that is longer than a slice of the least size. Up to this many times it.
    private const int MaxSlices = 8;

    // With many requests, so many slices of less than half the size follow each other, for example the questions after restored passages.
    private const int MaxShortSlices = 4;

    // For up to 2, and for 3 requests: time for answers after each slice, as a part of the time of that slice. More requests are many:
    // answers get one token, and slices are twice as long, so that more answers share the cost of each of their steps. Simulated for prompts
    // of 400 tokens and answers of 26: more time for answers lowers the mean time of few requests, and the throughput of many.
    private static readonly double[] AnswerShares = [2.0 / 3, 2.0 / 3, 2.0 / 3, 1.0 / 3];

    private TimeSpan _left;
    private bool _answersAreDue;
    private bool _areMany;
    private int _shortSlices;
    private TimeSpan _answersStep;
    private TimeSpan _slice;

    /// <summary>Whether the next step is for a prompt.</summary>
    public bool IsForPrompt => !_answersAreDue && _left <= TimeSpan.Zero;

    /// <summary>Time that the answers have before the next slice, unless they are due for a token anyway.</summary>
    public TimeSpan Left => _left;

    /// <summary>Tokens of the next slice.</summary>
    public int SliceSize => (int)Math.Min(
        int.MaxValue,
        (long)sliceSize * Math.Clamp(
            _slice == TimeSpan.Zero ? 1 : (int)Math.Min(MaxSlices, Math.Round(_answersStep / _slice)), _areMany ? 2 : 1, MaxSlices));

    /// <summary>Notes that a slice was prefilled while answers waited.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="time">How long it took.</param>
    /// <param name="requests">Requests that run or wait.</param>
    public void Prefilled(int tokens, TimeSpan time, int requests)
    {
        _areMany = requests >= AnswerShares.Length;
        _answersAreDue = !_areMany || tokens >= sliceSize / 2 || ++_shortSlices == MaxShortSlices;
        _shortSlices = _answersAreDue ? 0 : _shortSlices;
        _left = requests < AnswerShares.Length ? time * AnswerShares[requests] : TimeSpan.Zero;
        if (tokens >= sliceSize)
        {
            _slice = time * ((double)sliceSize / tokens);
        }
    }

    /// <summary>Notes that every answer got a token.</summary>
    /// <param name="time">How long it took.</param>
    public void Decoded(TimeSpan time)
    {
        _answersAreDue = false;
        _left -= time;
        _answersStep = time;
    }
}
