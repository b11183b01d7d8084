using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RedisInfer;

/// <summary>
/// What a host can set. Seven settings that most hosts touch are here; the others are in groups. Checked as a whole by
/// <see cref="Validate"/> before anything is loaded.
/// </summary>
public sealed partial class RedisInferOptions
{
    /// <summary>The sentence that the default prompt asks for if no passage holds the answer.</summary>
    public const string DefaultNoContextText = "I don't know based on the given context.";

    /// <summary>Path of the GGUF model that answers. Required.</summary>
    public string ModelPath { get; set; } = "";

    /// <summary>
    /// Path of a GGUF embedding model. Without one, and without an embedding generator of the host, passages are found by their words
    /// alone.
    /// </summary>
    public string? EmbeddingModelPath { get; set; }

    /// <summary>
    /// The server, as a StackExchange.Redis configuration such as <c>localhost:6379,password=...</c>. Not needed if the host gives a
    /// connection or an embedded server.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>Name of the corpus: 1 to 64 letters, digits, <c>.</c>, <c>_</c> or <c>-</c>.</summary>
    public string Corpus { get; set; } = "default";

    /// <summary>What the model is told before the passages.</summary>
    public string SystemPrompt { get; set; } =
        "Answer the question using only the numbered context passages. Cite the passage you used like [1]. "
        + $"If the context does not contain the answer, say \"{DefaultNoContextText}\"";

    /// <summary>The answer if nothing was retrieved; the model is not asked then.</summary>
    public string NoContextText { get; set; } = DefaultNoContextText;

    /// <summary>Most tokens to generate.</summary>
    public int MaxOutputTokens { get; set; } = 512;

    /// <summary>How passages are found.</summary>
    public RetrievalOptions Retrieval { get; set; } = new();

    /// <summary>How many requests run, how many wait, and for how long.</summary>
    public CapacityOptions Capacity { get; set; } = new();

    /// <summary>How much memory the runtime may take.</summary>
    public MemoryOptions Memory { get; set; } = new();

    /// <summary>How models are computed.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>How KV states are kept and reused.</summary>
    public KvCacheOptions KvCache { get; set; } = new();

    /// <summary>How documents are cut into chunks.</summary>
    public ChunkingOptions Chunking { get; set; } = new();

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; set; } = new();

    /// <summary>Finds everything that is wrong with the options, so that a host can mend it all at once.</summary>
    /// <returns>One sentence per problem; empty if there is none.</returns>
    public IReadOnlyList<string> Validate() =>
    [
        .. FindProblems(),
        .. Prefix(nameof(Retrieval), Retrieval?.Validate()),
        .. Prefix(nameof(Capacity), Capacity?.Validate()),
        .. Prefix(nameof(Memory), Memory?.Validate()),
        .. Prefix(nameof(Engine), Engine?.Validate()),
        .. Prefix(nameof(KvCache), KvCache?.Validate()),
        .. Prefix(nameof(Chunking), Chunking?.Validate()),
        .. Prefix(nameof(Sampling), Sampling?.Validate()),
    ];

    private IEnumerable<string> FindProblems()
    {
        if (string.IsNullOrWhiteSpace(ModelPath))
        {
            yield return "ModelPath is empty: give the path of a GGUF model.";
        }

        if (FindRedisProblem(Redis) is { } problem)
        {
            yield return problem;
        }

        if (!CorpusName().IsMatch(Corpus ?? ""))
        {
            yield return $"Corpus '{Corpus}' is not a name of 1 to 64 letters, digits, '.', '_' or '-'.";
        }

        if (SystemPrompt is null)
        {
            yield return "SystemPrompt is null: give an empty text for none.";
        }

        if (string.IsNullOrEmpty(NoContextText))
        {
            yield return "NoContextText is empty: give the answer for questions that find nothing.";
        }

        if (MaxOutputTokens < 1)
        {
            yield return $"MaxOutputTokens is {MaxOutputTokens}: give at least 1.";
        }
    }

    /// <summary>No configuration is no problem: the connection may come from elsewhere.</summary>
    private static string? FindRedisProblem(string? configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration))
        {
            return null;
        }

        try
        {
            // The text itself is not repeated: it may hold a password.
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0
                ? null
                : "Redis names no server: give one as HOST:PORT, such as localhost:6379.";
        }
        catch (ArgumentException e)
        {
            return $"Redis is no StackExchange.Redis configuration: {e.Message}";
        }
    }

    private static IEnumerable<string> Prefix(string group, IEnumerable<string>? problems) =>
        problems?.Select(problem => $"{group}.{problem}") ?? [$"{group} is null."];

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex CorpusName();
}
