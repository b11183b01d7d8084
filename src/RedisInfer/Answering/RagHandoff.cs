using System.IO.Hashing;
using System.Text;
using RedisInfer.Errors;
using RedisInfer.Retrieval;
using RedisInfer.Threads;

namespace RedisInfer.Answering;

/// <summary>
/// Searching and answering as two steps, so that one host can answer what another has searched for. For routers between hosts, such as the
/// package <c>RedisInfer.Orleans</c>. Thread-safe.
/// </summary>
public sealed class RagHandoff
{
    private static readonly string Version =
        typeof(RagHandoff).Assembly.ManifestModule.ModuleVersionId.ToString();

    private readonly RagGenerator _generator;
    private readonly Func<CancellationToken, ValueTask<AnswerPipeline>> _getPipeline;
    private readonly RedisInferOptions _options;
    private readonly string _key;

    internal RagHandoff(
        RagGenerator generator, Func<CancellationToken, ValueTask<AnswerPipeline>> getPipeline, RedisInferOptions options, string? key)
    {
        _generator = generator;
        _getPipeline = getPipeline;
        _options = options;
        _key = key ?? "";
    }

    /// <summary>
    /// Names everything that an answer depends on besides its question: the build of this library, the model, and the options. Hosts with equal
    /// names give the same answers, and read each other's bytes. Loads the model.
    /// </summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The name, in hexadecimal digits.</returns>
    /// <exception cref="RedisInferException">The model cannot be loaded.</exception>
    public Task<string> GetGroupAsync(CancellationToken cancellationToken = default) => NameGroupAsync(cancellationToken).ForHost();

    /// <summary>Searches the passages of a question. Takes no place in the queue, because another host may answer.</summary>
    /// <param name="request">The question and its settings.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The question with its passages.</returns>
    /// <exception cref="ArgumentException">The question is empty, or a setting of the request is invalid.</exception>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync(RagRequest, CancellationToken)"/>.</exception>
    public Task<FoundQuestion> SearchAsync(RagRequest request, CancellationToken cancellationToken = default) =>
        FindAsync(request, cancellationToken).ForHost();

    /// <summary>Answers a question whose passages were found. To cancel, end the enumeration.</summary>
    /// <param name="found">The question with its passages.</param>
    /// <param name="cancellationToken">Cancels, and frees the resources.</param>
    /// <returns>As for <see cref="IRagGenerator.GenerateStreamingAsync"/>. Durations count from this call, those of the search excepted.</returns>
    /// <exception cref="ArgumentException">A setting of the request is invalid.</exception>
    /// <exception cref="RedisInferException">As for <see cref="IRagGenerator.GenerateAsync(RagRequest, CancellationToken)"/>.</exception>
    public IAsyncEnumerable<RagUpdate> AnswerAsync(FoundQuestion found, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(found);
        return _generator.AnswerAsync(found.Request, found.Result, cancellationToken).ForHost();
    }

    /// <summary>Completes an answer of another host, or of this one, for the caller who waited for it.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="route">Which host answered.</param>
    /// <param name="routeTime">What the way to the host and back has added to the time to the first token.</param>
    /// <param name="firstToken">From the caller's call to the first token.</param>
    /// <param name="total">From the caller's call to the end of the answer.</param>
    /// <returns>The answer with its route, and with durations as the caller saw them.</returns>
    public static RagAnswer Complete(RagAnswer answer, RagRoute route, TimeSpan routeTime, TimeSpan firstToken, TimeSpan total)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(route);
        return answer.With(answer.Generated, route, answer.Timings.With(routeTime, firstToken, total));
    }

    private async Task<string> NameGroupAsync(CancellationToken cancellationToken)
    {
        AnswerPipeline pipeline = await _getPipeline(cancellationToken).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        await using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(_key);
        writer.Write(_options.Corpus);
        writer.Write(pipeline.Identity.Name("answers", []).ToString());
        writer.Write(pipeline.Prompts.WindowSize);
        writer.Write(_options.SystemPrompt);
        writer.Write(_options.NoContextText);
        writer.Write(_options.MaxOutputTokens);
        writer.Write(HandoffFormat.Write(_options.Sampling));
        writer.Write(_options.Engine.EnableThinking);
        writer.Write(_options.Engine.MaxReasoningTokens ?? -1);
        writer.Write((int)_options.KvCache.PassageReuse);
        writer.Flush();
        return Convert.ToHexStringLower(XxHash128.Hash(bytes.ToArray()));
    }

    private async Task<FoundQuestion> FindAsync(RagRequest request, CancellationToken cancellationToken)
    {
        RetrievalResult result = await _generator.FindAsync(request, cancellationToken).ConfigureAwait(false);
        SamplingOptions sampling = request.Sampling ?? _options.Sampling;
        return new FoundQuestion(request, result, sampling.Temperature == 0 || sampling.Seed is not null);
    }
}
