using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;
using RedisInfer.Reuse;
using RedisInfer.Scheduling;
using RedisInfer.Telemetry;

namespace RedisInfer.Answering;

/// <summary>Takes a place in the queue, retrieves passages, starts the answer, and adds citations and figures to its text.</summary>
internal sealed class RagGenerator(
    Func<CancellationToken, ValueTask<AnswerPipeline>> getPipeline,
    PassageSearch search,
    RedisInferOptions options,
    TimeProvider time) : IRagGenerator
{
    private const string NothingLoaded = "none";

    // The decode loop compares the text of every token with all of them.
    private const int MaxStopSequences = 32;
    private const int MaxStopSequenceLength = 256;

    // The queue keeps the name of every caller that waits.
    private const int MaxCallerLength = 1024;

    public IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(request);
        return StreamAsync(request, given: null, cancellationToken);
    }

    /// <summary>Finds the passages of a question that another host may answer. Takes a place in the queue only to rewrite the question.</summary>
    public async Task<RetrievalResult> FindAsync(RagRequest request, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(request);
        AnswerPipeline pipeline = await getPipeline(cancellationToken).ConfigureAwait(false);
        var trace = new AskTrace(RagActivities.HasListeners ? Activity.Current : null, recordTexts: false, time);
        Rewriting rewriting = await RewriteAsync(pipeline, request, cancellationToken).ConfigureAwait(false);
        return await SearchAsync(request, rewriting, trace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers a question whose passages another host may have found.</summary>
    public IAsyncEnumerable<RagUpdate> AnswerAsync(RagRequest request, RetrievalResult found, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(request);
        return StreamAsync(request, found, cancellationToken);
    }

    private IAsyncEnumerable<RagUpdate> StreamAsync(RagRequest request, RetrievalResult? given, CancellationToken cancellationToken) =>
        RagActivities.HasListeners
            ? TraceAsync(request, given, cancellationToken)
            : StreamAsync(request, given, new AskTrace(ask: null, recordTexts: false, time), cancellationToken);

    /// <summary>Answers within a span.</summary>
    private async IAsyncEnumerable<RagUpdate> TraceAsync(
        RagRequest request, RetrievalResult? given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? ask = RagActivities.Start(RagActivities.Ask);
        var trace = new AskTrace(ask, options.Telemetry.RecordTexts, time);
        await using IAsyncEnumerator<RagUpdate> updates = StreamAsync(request, given, trace, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (Exception error)
            {
                ask.Fail(error);
                throw;
            }

            yield return updates.Current;
        }
    }

    private void ThrowIfInvalid(RagRequest request)
    {
        search.ThrowIfInvalid(request);
        if (request.MaxOutputTokens is < 1)
        {
            throw new ArgumentException($"MaxOutputTokens is {request.MaxOutputTokens}: set it to at least 1.", nameof(request));
        }

        if (request.MaxReasoningTokens is < 0)
        {
            throw new ArgumentException($"MaxReasoningTokens is {request.MaxReasoningTokens}: set it to 0 or more.", nameof(request));
        }

        ArgumentNullException.ThrowIfNull(request.Caller, nameof(request));
        if (request.Caller.Length > MaxCallerLength)
        {
            throw new ArgumentException($"Caller has {request.Caller.Length} characters: use at most {MaxCallerLength}.", nameof(request));
        }

        if (request.Priority is < 1 or > 100)
        {
            throw new ArgumentException($"Priority is {request.Priority}: set it to 1 to 100 requests per turn.", nameof(request));
        }

        if (request.PassageReuse is { } reuse && !Enum.IsDefined(reuse))
        {
            throw new ArgumentException($"PassageReuse is {reuse}: set it to Exact or Independent.", nameof(request));
        }

        if (request.PassageReuse == PassageReuse.Independent && options.KvCache.Reuse == KvReuse.Off)
        {
            throw new ArgumentException(
                "PassageReuse is Independent, but KvCache.Reuse is Off: set KvCache.Reuse to Shared, Local or InProcess.", nameof(request));
        }

        if (request.StopSequences is null || request.StopSequences.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop sequence is empty and would end every answer at once: remove it.", nameof(request));
        }

        if (request.ResponseFormat is not null && request.StopSequences.Count > 0)
        {
            throw new ArgumentException("StopSequences could cut off the answer in its ResponseFormat: leave them out.", nameof(request));
        }

        if (request.StopSequences.Count > MaxStopSequences)
        {
            throw new ArgumentException(
                $"StopSequences has {request.StopSequences.Count} entries: use at most {MaxStopSequences}.", nameof(request));
        }

        if (request.StopSequences.FirstOrDefault(stop => stop.Length > MaxStopSequenceLength) is { } longStop)
        {
            throw new ArgumentException(
                $"A stop sequence has {longStop.Length} characters: use at most {MaxStopSequenceLength}.", nameof(request));
        }

        if (request.Sampling?.Validate() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(request));
        }
    }

    private async IAsyncEnumerable<RagUpdate> StreamAsync(
        RagRequest request, RetrievalResult? given, AskTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        AnswerPipeline pipeline = await getPipeline(cancellationToken).ConfigureAwait(false);
        trace.Begin(pipeline.Model, request, request.Sampling ?? options.Sampling, request.MaxOutputTokens ?? options.MaxOutputTokens);
        (RetrievalResult found, RunningAnswer? answer, TimeSpan waitedForPlace) =
            await FindAndStartAsync(pipeline, request, given, trace, leave.Token, cancellationToken).ConfigureAwait(false);

        // The place is given back, or the loop's: a consumer that stops at an update does not hold it.
        if (answer is null)
        {
            RagAnswer nothing = WithoutContext(request, found, time.GetElapsedTime(start));
            trace.Complete(nothing);
            yield return new RagUpdate { Text = nothing.Text, Passages = [], Answer = nothing };
            yield break;
        }

        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        try
        {
            yield return new RagUpdate { Passages = answer.Passages };
            await foreach (CompletionPiece piece in answer.Stream.ReadPiecesAsync(cancellationToken).ConfigureAwait(false))
            {
                (piece.IsThought ? reasoning : text).Append(piece.Text);
                yield return piece.IsThought ? new RagUpdate { Reasoning = piece.Text } : new RagUpdate { Text = piece.Text };
            }

            pipeline.Keep(answer, reasoning.ToString(), text.ToString(), await answer.Stream.Result.ConfigureAwait(false));
        }
        finally
        {
            // If the caller leaves early, this frees the sequence. After the end of the answer, it does nothing. CancelAsync would wait for
            // a thread of the host's pool.
            leave.Cancel();
            pipeline.GiveUp(answer);
        }

        CompletionResult result = await answer.Stream.Result.ConfigureAwait(false);
        RagAnswer complete = Complete(request, found, answer, (reasoning.ToString().Trim(), text.ToString()), result, start);
        trace.Decoded(result, answer.PromptTokens, waitedForPlace);
        trace.Complete(complete);
        yield return new RagUpdate { Answer = complete };
    }

    /// <summary>
    /// Takes a place in the queue, retrieves passages if none are given, and starts the answer. The place is given back, or the loop's.
    /// </summary>
    /// <returns>What was found; the answer, if there are passages; and how long the request waited for its place.</returns>
    private async Task<(RetrievalResult Found, RunningAnswer? Answer, TimeSpan WaitedForPlace)> FindAndStartAsync(
        AnswerPipeline pipeline, RagRequest request, RetrievalResult? given, AskTrace trace, CancellationToken leave, CancellationToken cancellationToken)
    {
        Rewriting rewriting = given is null ? await RewriteAsync(pipeline, request, cancellationToken).ConfigureAwait(false) : default;
        using QueuePlace place = await pipeline.EnterAsync(request, cancellationToken).ConfigureAwait(false);
        TimeSpan waited = place.Waited;
        trace.Entered(place);
        RetrievalResult found = given ?? await SearchAsync(request, rewriting, trace, cancellationToken).ConfigureAwait(false);
        RunningAnswer? answer = found.Passages.Count > 0
            ? await pipeline.StartAsync(found.Passages, request, place, leave).ConfigureAwait(false)
            : null;
        return (found, answer, waited);
    }

    private async Task<Rewriting> RewriteAsync(AnswerPipeline pipeline, RagRequest request, CancellationToken cancellationToken)
    {
        if (!search.IsRewritten(request))
        {
            return default;
        }

        long start = time.GetTimestamp();
        string? question = await pipeline.RewriteAsync(request, cancellationToken).ConfigureAwait(false);
        return new Rewriting(question, time.GetElapsedTime(start));
    }

    private async Task<RetrievalResult> SearchAsync(RagRequest request, Rewriting rewriting, AskTrace trace, CancellationToken cancellationToken) =>
        (await trace.SearchAsync(() => search.FindAsync(request, rewriting.Question, cancellationToken)).ConfigureAwait(false)) with
        {
            Rewritten = rewriting.Question,
            RewriteTime = rewriting.Time,
        };

    private RagAnswer Complete(
        RagRequest request, RetrievalResult found, RunningAnswer answer, (string Reasoning, string Text) output, CompletionResult result, long start) => new()
        {
            Question = request.Question,
            RewrittenQuestion = found.Rewritten,
            Text = output.Text,
            Reasoning = output.Reasoning,
            Citations = Cite(request, output.Text, answer.Citable),
            Passages = answer.Passages,
            FromCache = result.IsFromCache,
            FinishReason = result.EndedInThought ? RagFinishReason.Reasoning
                : result.Stopped ? RagFinishReason.Stop : RagFinishReason.Length,
            Usage = new RagUsage
            {
                PromptTokens = answer.PromptTokens,
                CachedTokens = result.Reuse.Tokens,
                GeneratedTokens = result.GeneratedTokens,
                ReasoningTokens = result.ReasoningTokens,
                ProposedTokens = result.ProposedTokens,
                AcceptedTokens = result.AcceptedTokens,
                IndependentTokens = result.Reuse.IndependentTokens,
            },
            Timings = new RagTimings
            {
                Rewrite = found.RewriteTime,
                Embed = found.EmbedTime,
                Retrieve = found.SearchTime,
                Load = found.LoadTime,
                Rerank = found.RerankTime,
                Queue = result.Queue,
                Restore = result.Restore,
                Prefill = result.Prefill,
                FirstToken = time.GetElapsedTime(start, result.FirstTokenTimestamp),
                Decode = result.Decode,
                Total = time.GetElapsedTime(start),
            },
            Context = DescribeLoad(found.Passages, result.Reuse),
            Generated = result.AnswerTokens is { } tokens ? new GeneratedAnswer(output.Text, answer.Tokenizer, tokens) : null,
        };

    private static List<RagCitation> Cite(RagRequest request, string text, IReadOnlyDictionary<int, RagPassage> passages) =>
    [
        .. Cited(request, text, passages.ToDictionary(passage => passage.Key, passage => passage.Value.Text)).Select(number => passages[number])
            .Select(passage => new RagCitation
        {
            Number = passage.Number,
            Path = passage.Path,
            Chunk = passage.Chunk,
            StartLine = passage.StartLine,
            EndLine = passage.EndLine,
            Page = passage.Page,
            Trail = passage.Trail,
            Score = passage.Score,
        }),
    ];

    private static IReadOnlyList<int> Cited(RagRequest request, string text, IReadOnlyDictionary<int, string> passages) =>
        request.ResponseFormat is null ? CitationParser.Parse(text, passages) : JsonCitations.Parse(text, passages);

    /// <summary>
    /// Describes how KV blocks were loaded, or passages if no KV block was. If passages were loaded by different strategies, describes one
    /// that has a reason.
    /// </summary>
    private static RagContextLoad DescribeLoad(IReadOnlyList<Passage> passages, ReuseFigures reuse)
    {
        Passage passage = passages.FirstOrDefault(passage => passage.LoadReason is not null) ?? passages[0];
        return new RagContextLoad
        {
            Strategy = reuse.RestoreStrategy ?? passage.LoadStrategy ?? NothingLoaded,
            Bytes = passages.Sum(passage => passage.Bytes),
            Reason = reuse.RestoreStrategy is null ? passage.LoadReason : reuse.RestoreReason,
            StateBytes = reuse.RestoredBytes,
            RestoredTokens = reuse.RestoredTokens,
        };
    }

    private RagAnswer WithoutContext(RagRequest request, RetrievalResult found, TimeSpan total) => new()
    {
        Question = request.Question,
        RewrittenQuestion = found.Rewritten,
        Text = options.NoContextText,
        Citations = [],
        Passages = [],
        FinishReason = RagFinishReason.NoContext,
        Usage = new RagUsage(),
        Timings = new RagTimings
        {
            Rewrite = found.RewriteTime,
            Embed = found.EmbedTime,
            Retrieve = found.SearchTime,
            Load = found.LoadTime,
            Rerank = found.RerankTime,
            Total = total,
        },
        Context = new RagContextLoad { Strategy = NothingLoaded },
    };

    /// <summary>The question as the model rewrote it, and how long that took. The default: it did not.</summary>
    private readonly record struct Rewriting(string? Question, TimeSpan Time);
}
