using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Reuse;
using RedisInfer.Scheduling.Drafts;

namespace RedisInfer.Scheduling;

/// <summary>
/// A request and its progress: the tokens of prompt and answer in one array, and how many of them are in the KV cache. The decode loop
/// owns it. Only <see cref="Cancel"/> may be called from other threads.
/// </summary>
internal sealed class Sequence
{
    private readonly int[] _tokens;
    private int _count;
    private PassageGathering? _gathering;
    private volatile bool _cancelled;
    private int _reasoningTokens;
    private int _answerTokens;
    private bool _hasControlTokens;

    // The tokens that end a thought which takes too long, and how many of them were taken.
    private int[]? _endOfThought;
    private int _endTaken;

    public Sequence(CompletionRequest request, CompletionStream stream, QueuePlace place, long submittedTimestamp)
    {
        Request = request;
        Stream = stream;
        Place = place;
        SubmittedTimestamp = submittedTimestamp;
        Text = new TextAssembler(request.StopSequences, request.Thoughts is { } thoughts ? new ThoughtReader(thoughts.Open) : null);
        Constraint = request.Rules is { } rules
            ? new AnswerConstraint(rules, rules.MayThink ? Text.Thoughts : null, () => request.MaxOutputTokens - GeneratedCount, () => _endOfThought is not null)
            : null;
        _tokens = new int[request.Prompt.Length + request.MaxOutputTokens];
        request.Prompt.CopyTo(_tokens, 0);
        _count = request.Prompt.Length;
    }

    public CompletionRequest Request { get; }

    public CompletionStream Stream { get; }

    /// <summary>Its place in the queue; given back when it starts to run.</summary>
    public QueuePlace Place { get; }

    public TextAssembler Text { get; }

    /// <summary>Holds the answer to its rules; <see langword="null"/>: it has none.</summary>
    public AnswerConstraint? Constraint { get; }

    public ISampler? Sampler { get; set; }

    public long SubmittedTimestamp { get; }

    public long AdmittedTimestamp { get; set; }

    /// <summary>Time from the call to its admission.</summary>
    public TimeSpan QueueTime { get; set; }

    public long ReusedTimestamp { get; set; }

    public long FirstTokenTimestamp { get; set; }

    /// <summary>When its stream was first seen without room; <see langword="null"/> if the stream has room.</summary>
    public long? UnreadSince { get; set; }

    /// <summary>The track of its prompt and answer, from its admission on.</summary>
    public KvTrack Track { get; private set; } = new(-1, null, new ReuseFigures());

    /// <summary>Its passages that are computed independently, until all are in place; <see langword="null"/> if there are none.</summary>
    public PassageGathering? Passages => _gathering is { IsDone: false } ? _gathering : null;

    /// <summary>Logits for its first token, if the request asks for them.</summary>
    public float[] FirstLogits { get; set; } = [];

    /// <summary>Its sequence id in the context while it runs.</summary>
    public int Id => Track.Id;

    public int GeneratedCount => _count - Request.Prompt.Length;

    /// <summary>
    /// Tokens to decode next: one while it generates, more while it prefills, and none while it waits for KV states to reuse.
    /// </summary>
    public ReadOnlySpan<int> Pending
    {
        get
        {
            (KvTrack track, int start, int end) = Work();
            return _tokens.AsSpan(start, track.Reuse == ReuseState.Done ? end - start : 0);
        }
    }

    /// <summary>The track that <see cref="Pending"/> is decoded into.</summary>
    public KvTrack PendingTrack => Work().Track;

    /// <summary>Whether a token can be chosen after <see cref="Pending"/>.</summary>
    public bool PendingEndsInOutput => Passages is null && Request.MaxOutputTokens > 0;

    /// <summary>The track of its rows in the current batch.</summary>
    public KvTrack? RowTrack { get; set; }

    /// <summary>Whether it is ready to decode one token, and its stream has room.</summary>
    public bool IsGenerating => Pending.Length == 1 && Stream.HasRoom;

    /// <summary>Whether it is prefilling.</summary>
    public bool IsReading => Pending.Length > 1 && Stream.HasRoom;

    /// <summary>Number of the last step that it had rows in.</summary>
    public long LastStep { get; set; }

    /// <summary>Its rows in the current batch. The loop writes it; threads that cancel read it.</summary>
    public int RowCount { get; set; }

    /// <summary>The last of these rows, which are for tokens that it proposes.</summary>
    public int DraftCount { get; set; }

    /// <summary>What it proposes; <see langword="null"/>: nothing.</summary>
    public TokenDrafts? Drafts { get; private set; }

    /// <summary>Its row that asked for logits, before those of tokens that it proposes; -1 if there is none.</summary>
    public int OutputRow { get; set; }

    /// <summary>KV cells of its whole prompt and its longest answer, which are reserved for it while it runs.</summary>
    public int Cells => _tokens.Length;

    /// <inheritdoc cref="CompletionResult.AnswerTokens"/>
    public ReadOnlySpan<int> AnswerTokens =>
        _reasoningTokens > 0 || _hasControlTokens || Text.Stopped ? [] : _tokens.AsSpan(Request.Prompt.Length, _answerTokens);

    /// <summary>The tokens of prompt and answer so far.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>The tokens generated.</summary>
    public ReadOnlySpan<int> Generated => _tokens.AsSpan(Request.Prompt.Length, GeneratedCount);

    public bool Cancelled => _cancelled;

    /// <summary>Whether all of it is computed a second time, with nothing restored, because no token could be chosen.</summary>
    public bool IsComputedAgain { get; set; }

    /// <summary>Gives it a sequence id. It runs from now on.</summary>
    /// <param name="track">The track of its prompt and answer.</param>
    /// <param name="canReuse">Whether KV states of its prompt can be reused.</param>
    /// <param name="drafts">What it proposes; <see langword="null"/>: nothing.</param>
    public void Admit(KvTrack track, bool canReuse, TokenDrafts? drafts)
    {
        Track = track;
        Drafts = drafts;
        _gathering = canReuse && Request.Passages is { } plan ? new PassageGathering(plan, Track) : null;
    }

    /// <summary>The form of the thought that takes too long and must be ended now; <see langword="null"/>: none.</summary>
    public ThoughtForm? OverdueThought =>
        _endOfThought is null && Request.Thoughts?.MaxTokens <= _reasoningTokens ? Text.Thought : null;

    /// <summary>Ends its thought with these tokens. They are chosen next, instead of what the model would choose.</summary>
    public void EndThought(int[] tokens) => _endOfThought = tokens;

    /// <summary>Takes the next token that ends a thought.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryTakeEndOfThought(out int token)
    {
        bool found = _endTaken < _endOfThought?.Length;
        token = found ? _endOfThought![_endTaken++] : 0;
        return found;
    }

    public void Append(int token)
    {
        Drafts?.Learn(Tokens, token);
        _tokens[_count++] = token;
    }

    /// <summary>
    /// Finds the tokens that it can propose: none before its prompt is complete. The last token of its longest answer is never computed, so it
    /// needs no proposal.
    /// </summary>
    public void LookForDrafts() => Drafts?.Look(Tokens, PendingEndsInOutput ? _tokens.Length - _count - 1 : 0);

    /// <summary>Reads the text of a token that was appended, and writes what is final to its stream.</summary>
    /// <param name="bytes">The bytes of the token.</param>
    /// <param name="controlName">The name of a control token; empty for others.</param>
    public void WriteText(ReadOnlySpan<byte> bytes, string controlName)
    {
        _answerTokens++;
        _hasControlTokens |= bytes.IsEmpty;
        bool wasThinking = Text.Thought is not null;
        string answer = Text.Append(bytes, controlName);
        _reasoningTokens += wasThinking || Text.Thought is not null ? 1 : 0;
        Stream.Write(Text.TakeThought(), answer);
    }

    /// <summary>Ends its stream.</summary>
    /// <param name="result">How it ended.</param>
    public void CompleteText(CompletionResult result)
    {
        string answer = Text.Finish();
        Stream.Complete(Text.TakeThought(), answer, result);
    }

    public void Cancel() => _cancelled = true;

    /// <summary>How it ended, after its last token.</summary>
    /// <param name="stopped">Whether the model or a stop sequence ended it.</param>
    /// <param name="time">The clock.</param>
    public CompletionResult ToResult(bool stopped, TimeProvider time) => new()
    {
        Stopped = stopped,
        GeneratedTokens = GeneratedCount,
        ReasoningTokens = _reasoningTokens,
        EndedInThought = Text.Thought is not null,
        AnswerTokens = AnswerTokens.Length > 0 ? AnswerTokens.ToArray() : null,
        ProposedTokens = Drafts?.Proposed ?? 0,
        AcceptedTokens = Drafts?.Accepted ?? 0,
        Queue = QueueTime,
        Reuse = Track.Reused,
        Output = Request.CaptureOutput ? new CompletionOutput(FirstLogits, Generated.ToArray()) : null,
        Restore = time.GetElapsedTime(AdmittedTimestamp, ReusedTimestamp),
        Prefill = time.GetElapsedTime(ReusedTimestamp, FirstTokenTimestamp),
        Decode = time.GetElapsedTime(FirstTokenTimestamp, time.GetTimestamp()),
        FirstTokenTimestamp = FirstTokenTimestamp,
    };

    /// <summary>The tokens to compute next, from <c>Start</c> to <c>End</c> of its array, and the track they go into.</summary>
    private (KvTrack Track, int Start, int End) Work()
    {
        if (Passages is null)
        {
            return (Track, Track.CachedCount, _count);
        }

        // First the system prefix, then each passage apart, then the tokens between the passages.
        if (Track.CachedCount < Passages.Plan.HeadEnd)
        {
            return (Track, Track.CachedCount, Passages.Plan.HeadEnd);
        }

        if (Passages.NextToPark is not { } part)
        {
            return (Track, Track.CachedCount, Passages.NextToPlace?.PlaceStart ?? _count);
        }

        return Passages.Aside is { } aside
            ? (aside, aside.CachedCount + part.Shift, part.End)
            : (Track, Track.CachedCount, Track.CachedCount);
    }

    /// <summary>
    /// Lets the pool take the answer too, for the next question of the conversation. Its last token is left out: if a limit ended the answer,
    /// that token was not computed. The prompt builder cuts there, too.
    /// </summary>
    public void KeepAnswer()
    {
        if (Request.KeepsAnswer && AnswerTokens.Length > 0)
            Track.Prefix?.Extend(Tokens, Request.Prompt.Length + AnswerTokens.Length - 1);
    }
}
