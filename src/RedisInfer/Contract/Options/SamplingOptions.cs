namespace RedisInfer;

/// <summary>How the next token is chosen. The default is greedy: the same prompt gives the same answer.</summary>
public sealed record SamplingOptions
{
    /// <summary>0 to 100. 0 takes the most likely token; higher values flatten the distribution. Default: 0.</summary>
    public float Temperature { get; init; }

    /// <summary>Keep only the k most likely tokens. 0 keeps all. Default: 40.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>
    /// Nucleus sampling: keep the smallest set of tokens whose probabilities add up to this value, more than 0 and at most 1. 1 keeps all.
    /// Default: 0.95.
    /// </summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keep tokens that are at least this share as likely as the most likely token, 0 to 1. 0 keeps all. Default: 0.05.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Divides the logits of recent tokens; more than 0 and at most 100. Default: 1, which turns it off.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Number of last tokens that count as recent for <see cref="RepetitionPenalty"/>, 0 to 65536. Default: 64.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>Seed of the random choice. Default: <see langword="null"/>, a random seed.</summary>
    public uint? Seed { get; init; }

    internal IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        void Check(bool good, string name, object value, string range)
        {
            if (!good)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}: set it to {range}."));
            }
        }

        Check(Temperature is >= 0 and <= 100, nameof(Temperature), Temperature, "0 to 100");
        Check(TopK >= 0, nameof(TopK), TopK, "0 or more");
        Check(TopP is > 0 and <= 1, nameof(TopP), TopP, "more than 0 and at most 1");
        Check(MinP is >= 0 and <= 1, nameof(MinP), MinP, "0 to 1");
        Check(RepetitionPenalty is > 0 and <= 100, nameof(RepetitionPenalty), RepetitionPenalty, "more than 0 and at most 100");
        Check(RepetitionWindow is >= 0 and <= 65536, nameof(RepetitionWindow), RepetitionWindow, "0 to 65536");
        return problems;
    }
}
