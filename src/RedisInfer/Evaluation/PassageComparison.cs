using System.Numerics.Tensors;
using RedisInfer.Prompting;

namespace RedisInfer.Evaluation;

/// <summary>Sums up how answers differ from those of exact prompts.</summary>
/// <param name="setting">The setting of the compared answers.</param>
internal sealed class PassageComparison(PassageSetting setting)
{
    private int _count;
    private int _sameAnswers;
    private int _sameCitations;
    private int _sameFirstTokens;
    private double _divergences;
    private double _largestDivergence;
    private double _reusedShares;

    public PassageSetting Setting => setting;

    /// <summary>Adds one question.</summary>
    /// <param name="exact">Its answer from the exact prompt.</param>
    /// <param name="other">Its answer with the setting.</param>
    /// <param name="passages">Texts of the passages in the prompt.</param>
    public void Add(TrialAnswer exact, TrialAnswer other, IReadOnlyList<string> passages)
    {
        _count++;
        _sameAnswers += exact.Output.Tokens.AsSpan().SequenceEqual(other.Output.Tokens) ? 1 : 0;
        _sameCitations += Cited(exact, passages).SetEquals(Cited(other, passages)) ? 1 : 0;
        _sameFirstTokens += TensorPrimitives.IndexOfMax<float>(exact.Output.FirstLogits) == TensorPrimitives.IndexOfMax<float>(other.Output.FirstLogits) ? 1 : 0;
        double divergence = Divergence(exact.Output.FirstLogits, other.Output.FirstLogits);
        _divergences += divergence;
        _largestDivergence = Math.Max(_largestDivergence, divergence);
        _reusedShares += other.ReusedShare;
    }

    public PassageFigures Sum() => new()
    {
        Setting = setting,
        SameAnswers = Share(_sameAnswers),
        SameCitations = Share(_sameCitations),
        SameFirstTokens = Share(_sameFirstTokens),
        MeanDivergence = Share(_divergences),
        LargestDivergence = _largestDivergence,
        ReusedShare = Share(_reusedShares),
    };

    /// <summary>Kullback-Leibler divergence KL(P‖Q) of the distributions that the logits define, in nats.</summary>
    /// <param name="p">Logits of P, one per token of the vocabulary.</param>
    /// <param name="q">Logits of Q, one per token of the vocabulary.</param>
    internal static double Divergence(ReadOnlySpan<float> p, ReadOnlySpan<float> q)
    {
        double pLog = LogSum(p);
        double qLog = LogSum(q);
        double sum = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double log = p[i] - pLog;
            double share = Math.Exp(log);
            sum += share == 0 ? 0 : share * (log - (q[i] - qLog));
        }

        return Math.Max(0, sum); // rounding may make it slightly negative
    }

    // Relative to the largest logit, so that nothing overflows.
    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double largest = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        return largest + Math.Log(sum);
    }

    private static HashSet<int> Cited(TrialAnswer answer, IReadOnlyList<string> passages) => [.. CitationParser.Parse(answer.Text, passages)];

    private double Share(double sum) => _count == 0 ? 0 : sum / _count;
}
