using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// The earlier turns of a conversation as tokens, and what is left of them if room is short. A passage is in a prompt once: at its first
/// turn, so that prompts of a conversation begin alike.
/// </summary>
internal sealed class EarlierTurns
{
    // A token is seldom more characters than this. What is longer than the window by that measure is not even tokenized.
    private const int MaxCharactersPerToken = 16;

    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<RagTurn> _history;

    // Of each number, the passage that the last turn with this number means.
    private readonly Dictionary<int, RagPassage> _byNumber = [];

    private EarlierTurns(ITokenizer tokenizer, IReadOnlyList<RagTurn> history)
    {
        _tokenizer = tokenizer;
        _history = history;
        foreach (RagPassage passage in history.SelectMany(turn => turn.Passages))
        {
            _byNumber[passage.Number] = passage;
        }

        NextNumber = 1 + _byNumber.Keys.DefaultIfEmpty(0).Max();
    }

    /// <summary>The turns, oldest first.</summary>
    public IReadOnlyList<EarlierTurn> Turns { get; private set; } = [];

    /// <summary>The number of the next new passage.</summary>
    public int NextNumber { get; private set; }

    /// <summary>The ways to shorten the conversation: to leave out nothing, the passages of more and more turns, more and more turns.</summary>
    public int CutCount => (2 * Turns.Count) + 1;

    /// <summary>Reads a conversation.</summary>
    /// <param name="tokenizer">The tokenizer of the generating model.</param>
    /// <param name="history">The turns, oldest first.</param>
    /// <param name="windowSize">Most tokens of a prompt.</param>
    public static EarlierTurns Read(ITokenizer tokenizer, IReadOnlyList<RagTurn> history, int windowSize)
    {
        var read = new EarlierTurns(tokenizer, history);
        long room = (long)windowSize * MaxCharactersPerToken;
        bool hasRoomForPassages = true;
        var turns = new List<EarlierTurn>();
        foreach (RagTurn turn in history.Reverse())
        {
            room -= turn.Question.Length + turn.Answer.Length;
            if (room < 0)
                break;
            long length = turn.Passages.Sum(passage => (long)passage.Text.Length + passage.Trail.Length + passage.Path.Length);
            hasRoomForPassages &= length <= room;
            room -= hasRoomForPassages ? length : 0;

            // A turn without its passages may still cite some: new passages must not have their numbers.
            if (turn.Passages.Count == 0)
                read.NextNumber = Math.Max(read.NextNumber, 1 + CitationParser.HighestNumber(turn.Answer));
            turns.Add(new EarlierTurn(
                PassageFormat.TokenizeQuestion(tokenizer, turn.Question),
                PassageFormat.TokenizeAnswer(tokenizer, turn),
                hasRoomForPassages ? [.. turn.Passages.Where(read.IsMeant).Select(read.Number)] : []));
        }

        turns.Reverse();
        read.Turns = turns;
        return read;
    }

    /// <summary>The number of a passage: that of an earlier turn that has it, or none.</summary>
    public int? NumberOf(Passage passage) =>
        _history.SelectMany(turn => turn.Passages).LastOrDefault(
            known => known.Path == passage.Path && known.Trail == passage.Trail && known.Text == passage.Text && IsMeant(known))?.Number;

    /// <summary>Lays a conversation out.</summary>
    /// <param name="cut">What to leave out, from 0 to <see cref="CutCount"/> - 1; more of it with every number.</param>
    /// <param name="found">The passages of the question, with their numbers.</param>
    public PromptLayout LayOut(int cut, IReadOnlyList<NumberedPassage> found)
    {
        int firstWithPassages = Math.Min(cut, Turns.Count);
        int first = cut - firstWithPassages;
        var seen = new Dictionary<int, NumberedPassage>();
        var turns = new List<EarlierTurn>();
        for (int i = first; i < Turns.Count; i++)
        {
            turns.Add(i < firstWithPassages ? Turns[i] with { Passages = [] } : Turns[i] with { Passages = [.. Turns[i].Passages.Where(IsNew)] });
        }

        return new PromptLayout(turns, [.. found.Where(IsNew)]);

        bool IsNew(NumberedPassage passage) => seen.TryAdd(passage.Number, passage);
    }

    private bool IsMeant(RagPassage passage) =>
        _byNumber[passage.Number] is var meant && meant.Path == passage.Path && meant.Trail == passage.Trail && meant.Text == passage.Text;

    private NumberedPassage Number(RagPassage passage) => new(
        passage.Number,
        Passage.From(passage, PassageFormat.TokenizePassage(_tokenizer, passage.Trail, passage.Text)),
        PassageFormat.TokenizeHeading(_tokenizer, passage.Number, passage.Path));
}
