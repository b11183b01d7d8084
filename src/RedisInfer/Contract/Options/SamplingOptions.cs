namespace RedisInfer;

/// <summary>How the next token is chosen. The default is greedy: the same prompt gives the same answer.</summary>
public sealed record SamplingOptions
{
    /// <summary>0 takes the most likely token; higher values flatten the distribution.</summary>
    public float Temperature { get; init; }

    /// <summary>Keep only the k most likely tokens; 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keep the smallest set of tokens whose probabilities add up to this (nucleus sampling); 1 keeps all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keep tokens at least this share as likely as the most likely one; 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Divides the logits of tokens seen lately; 1 is off.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>How many of the last tokens count as seen lately.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>Seed of the random choice; <see langword="null"/> draws one.</summary>
    public uint? Seed { get; init; }

    internal IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        void Check(bool good, string name, object value, string range)
        {
            if (!good)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}: give {range}."));
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
