using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RedisInfer;

/// <summary>
/// All settings of a runtime. The eight that most hosts set are here; the others are in groups. <see cref="Validate"/> checks all of them
/// before anything is loaded.
/// </summary>
public sealed partial class RedisInferOptions
{
    /// <summary>The sentence that the default system prompt asks for if no passage contains the answer.</summary>
    public const string DefaultNoContextText = "I don't know based on the given context.";

    /// <summary>Path of the GGUF model that generates answers. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>
    /// Path of a GGUF embedding model. Without it, and without an embedding generator of the host, retrieval uses words only. Default:
    /// <see langword="null"/>.
    /// </summary>
    public string? EmbeddingModelPath { get; set; }

    /// <summary>
    /// Path of a GGUF re-ranker, a model that reads question and passage together. Without it, and without a re-ranker of the host,
    /// passages stay in the order of the search. Default: <see langword="null"/>.
    /// </summary>
    public string? RerankModelPath { get; set; }

    /// <summary>
    /// The server, as a StackExchange.Redis configuration such as <c>localhost:6379,password=...</c>. Not needed if the host supplies a
    /// connection or uses the embedded server.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>Name of the corpus: 1 to 64 letters, digits, <c>.</c>, <c>_</c> or <c>-</c>. Default: <c>default</c>.</summary>
    public string Corpus { get; set; } = "default";

    /// <summary>Instructions at the start of every prompt, before the passages. Empty: none.</summary>
    public string SystemPrompt { get; set; } =
        "Answer the question using only the numbered context passages. Cite the passage you used like [1]. "
        + $"If the context does not contain the answer, say \"{DefaultNoContextText}\"";

    /// <summary>The answer if no passage is retrieved. The model is not used then.</summary>
    public string NoContextText { get; set; } = DefaultNoContextText;

    /// <summary>Most tokens to generate for an answer; at least 1. Default: 512.</summary>
    public int MaxOutputTokens { get; set; } = 512;

    /// <summary>Which passages are retrieved.</summary>
    public RetrievalOptions Retrieval { get; set; } = new();

    /// <summary>How many requests run and wait, and for how long.</summary>
    public CapacityOptions Capacity { get; set; } = new();

    /// <summary>How much memory the runtime may use.</summary>
    public MemoryOptions Memory { get; set; } = new();

    /// <summary>How the models run.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>How KV states are cached and reused.</summary>
    public KvCacheOptions KvCache { get; set; } = new();

    /// <summary>How much a document may cost to read.</summary>
    public DocumentLimits DocumentLimits { get; set; } = new();

    /// <summary>How documents are split into chunks.</summary>
    public ChunkingOptions Chunking { get; set; } = new();

    /// <summary>How the next token is chosen.</summary>
    public SamplingOptions Sampling { get; set; } = new();

    /// <summary>Whether the same question is answered from Redis.</summary>
    public AnswerCacheOptions AnswerCache { get; set; } = new();

    /// <summary>What telemetry contains.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>Finds all problems with the options.</summary>
    /// <returns>One sentence per problem; empty if the options are valid.</returns>
    public IReadOnlyList<string> Validate() =>
    [
        .. FindProblems(),
        .. Prefix(nameof(Retrieval), Retrieval?.Validate()),
        .. Prefix(nameof(Capacity), Capacity?.Validate()),
        .. Prefix(nameof(Memory), Memory?.Validate()),
        .. Prefix(nameof(Engine), Engine?.Validate()),
        .. Prefix(nameof(KvCache), KvCache?.Validate()),
        .. Prefix(nameof(AnswerCache), AnswerCache?.Validate()),
        .. Prefix(nameof(DocumentLimits), DocumentLimits?.Validate()),
        .. Prefix(nameof(Chunking), Chunking?.Validate()),
        .. Prefix(nameof(Sampling), Sampling?.Validate()),
    ];

    private IEnumerable<string> FindProblems()
    {
        if (string.IsNullOrWhiteSpace(ModelPath))
        {
            yield return "ModelPath is empty: set it to the path of a GGUF model.";
        }

        if (FindRedisProblem(Redis) is { } problem)
        {
            yield return problem;
        }

        if (!CorpusName().IsMatch(Corpus ?? ""))
        {
            yield return $"Corpus is '{Corpus}': set it to 1 to 64 letters, digits, '.', '_' or '-'.";
        }

        if (SystemPrompt is null)
        {
            yield return "SystemPrompt is null: set it to an empty string for none.";
        }

        if (string.IsNullOrEmpty(NoContextText))
        {
            yield return "NoContextText is empty: set it to the answer for questions that retrieve no passage.";
        }

        if (MaxOutputTokens < 1)
        {
            yield return $"MaxOutputTokens is {MaxOutputTokens}: set it to at least 1.";
        }
    }

    /// <summary>An empty configuration is no problem here: the host may supply a connection.</summary>
    private static string? FindRedisProblem(string? configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration))
        {
            return null;
        }

        try
        {
            // The message does not repeat the configuration, which may contain a password.
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0
                ? null
                : "Redis names no server: set it to HOST:PORT, such as localhost:6379.";
        }
        catch (ArgumentException e)
        {
            return $"Redis is not a valid StackExchange.Redis configuration: {e.Message}";
        }
    }

    private static IEnumerable<string> Prefix(string group, IEnumerable<string>? problems) =>
        problems?.Select(problem => $"{group}.{problem}") ?? [$"{group} is null."];

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex CorpusName();
}
