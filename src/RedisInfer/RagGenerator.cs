using System.Runtime.CompilerServices;
using System.Text;
using RedisInfer.Context;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;

namespace RedisInfer;

/// <summary>Embeds the question, retrieves, builds the prompt, queues it, and turns tokens into an answer with citations.</summary>
internal sealed class RagGenerator(
    RagRuntime runtime, PassageFinder finder, RedisInferOptions options, TimeProvider time) : IRagGenerator
{
    private const string NothingLoaded = "none";

    public async Task<RagAnswer> GenerateAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        RagAnswer? answer = null;
        await foreach (RagUpdate update in GenerateStreamingAsync(request, cancellationToken).ConfigureAwait(false))
        {
            answer = update.Answer;
        }

        return answer!;
    }

    public IAsyncEnumerable<RagUpdate> GenerateStreamingAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfInvalid(request);
        return StreamAsync(request, cancellationToken);
    }

    private void ThrowIfInvalid(RagRequest request)
    {
        PassageFinder.ThrowIfInvalid(request);
        if (request.MaxOutputTokens is < 1)
        {
            throw new ArgumentException($"MaxOutputTokens is {request.MaxOutputTokens}: give at least 1.", nameof(request));
        }

        ArgumentNullException.ThrowIfNull(request.Caller, nameof(request));
        if (request.Priority is < 1 or > 100)
        {
            throw new ArgumentException($"Priority is {request.Priority}: give 1 to 100 requests a turn.", nameof(request));
        }

        if (request.PassageReuse is { } reuse && !Enum.IsDefined(reuse))
        {
            throw new ArgumentException($"PassageReuse is {reuse}: give Exact or Independent.", nameof(request));
        }

        if (request.PassageReuse == PassageReuse.Independent && options.KvCache.Reuse == KvReuse.Off)
        {
            throw new ArgumentException("PassageReuse is Independent, and the runtime's KvCache.Reuse is Off: nothing is reused.", nameof(request));
        }

        if (request.StopSequences is null || request.StopSequences.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("A stop sequence is empty: it would end every answer at once.", nameof(request));
        }

        if (request.Sampling?.Validate() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(" ", problems), nameof(request));
        }
    }

    private async IAsyncEnumerable<RagUpdate> StreamAsync(
        RagRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        AnswerEngine engine = await runtime.GetAnswersAsync(cancellationToken).ConfigureAwait(false);
        using QueuePlace place = await engine.Loop.EnterAsync(request.Caller, request.Priority, cancellationToken).ConfigureAwait(false);
        (RetrievalResult found, TimeSpan embedTime) = await finder.FindAsync(request, cancellationToken).ConfigureAwait(false);
        var timings = new RagTimings { Embed = embedTime, Retrieve = found.SearchTime, Load = found.LoadTime };
        if (found.Chunks.Count == 0)
        {
            RagAnswer nothing = WithoutContext(request, timings with { Total = time.GetElapsedTime(start) });
            yield return new RagUpdate(nothing.Text) { Passages = [], Answer = nothing };
            yield break;
        }

        int maxOutputTokens = request.MaxOutputTokens ?? options.MaxOutputTokens;
        Prompt prompt = engine.Prompts.Build(
            request.Question,
            PassageFinder.ToSources(found.Chunks),
            maxOutputTokens);
        List<RagPassage> passages = [.. prompt.Passages.Select(passage => PassageFinder.ToPassage(passage.Number, found.Chunks[passage.Source], passage.TokenCount))];
        yield return new RagUpdate("") { Passages = passages };

        GenerationRequest generation = engine.Reuse(
            new GenerationRequest(
                prompt.Tokens,
                Math.Min(maxOutputTokens, engine.Prompts.WindowSize - prompt.Tokens.Length),
                request.Sampling ?? options.Sampling,
                request.StopSequences,
                request.Caller,
                request.Priority),
            prompt,
            request.PassageReuse ?? options.KvCache.PassageReuse);
        GenerationStream stream = engine.Loop.Submit(generation, place, leave.Token);
        var text = new StringBuilder();
        try
        {
            await foreach (string piece in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                text.Append(piece);
                yield return new RagUpdate(piece);
            }
        }
        finally
        {
            await leave.CancelAsync().ConfigureAwait(false); // whoever leaves early frees the sequence; after the end it does nothing
        }

        GenerationResult result = await stream.Result.ConfigureAwait(false);
        yield return new RagUpdate("")
        {
            Answer = new RagAnswer
            {
                Question = request.Question,
                Text = text.ToString(),
                Citations = Cite(text.ToString(), passages),
                Passages = passages,
                FinishReason = result.Stopped ? RagFinishReason.Stop : RagFinishReason.Length,
                Usage = Count(prompt, result),
                Timings = timings with
                {
                    Queue = result.Queue,
                    Restore = result.Restore,
                    Prefill = result.Prefill,
                    FirstToken = time.GetElapsedTime(start, result.FirstTokenTimestamp),
                    Decode = result.Decode,
                    Total = time.GetElapsedTime(start),
                },
                Context = Tell(found.Chunks, result.Reuse),
            },
        };
    }

    private static List<RagCitation> Cite(string text, List<RagPassage> passages) =>
        [.. CitationParser.Parse(text, passages.Count).Select(number => passages[number - 1]).Select(passage => new RagCitation(
            passage.Number, passage.Path, passage.Chunk, passage.StartLine, passage.EndLine, passage.Score))];

    /// <summary>How the context was loaded: its states, or its passages where no state was. One that went another way than others gives the reason.</summary>
    private static RagContextLoad Tell(IReadOnlyList<RetrievedChunk> chunks, ReuseFigures reuse)
    {
        StoredChunk chunk = (chunks.FirstOrDefault(chunk => chunk.Stored.LoadReason is not null) ?? chunks[0]).Stored;
        return new RagContextLoad(reuse.RestoreStrategy ?? chunk.LoadStrategy ?? NothingLoaded, chunks.Sum(chunk => chunk.Bytes))
        {
            Reason = reuse.RestoreStrategy is null ? chunk.LoadReason : reuse.RestoreReason,
            StateBytes = reuse.RestoredBytes,
            RestoredTokens = reuse.RestoredTokens,
        };
    }

    private static RagUsage Count(Prompt prompt, GenerationResult result) => new(prompt.Tokens.Length, result.Reuse.Tokens, result.GeneratedTokens)
    {
        IndependentTokens = result.Reuse.IndependentTokens,
    };

    private RagAnswer WithoutContext(RagRequest request, RagTimings timings) => new()
    {
        Question = request.Question,
        Text = options.NoContextText,
        Citations = [],
        Passages = [],
        FinishReason = RagFinishReason.NoContext,
        Usage = new RagUsage(0, 0, 0),
        Timings = timings,
        Context = new RagContextLoad(NothingLoaded, 0),
    };
}
