using RedisInfer.Evaluation;
using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Evaluation;

public sealed class PassageComparisonTests
{
    [Fact]
    public void TheSameDistributionDoesNotDiverge()
    {
        float[] logits = [1.5f, -2, 0.25f];

        Assert.Equal(0, PassageComparison.Divergence(logits, logits), 12);
        Assert.Equal(0, PassageComparison.Divergence(logits, [101.5f, 98, 100.25f]), 12);
    }

    [Fact]
    public void DivergenceIsThatOfKullbackAndLeibler()
    {
        float[] even = [0, 0];
        float[] uneven = [MathF.Log(9), 0];

        Assert.Equal((0.5 * Math.Log(0.5 / 0.9)) + (0.5 * Math.Log(0.5 / 0.1)), PassageComparison.Divergence(even, uneven), 6);
        Assert.Equal((0.9 * Math.Log(0.9 / 0.5)) + (0.1 * Math.Log(0.1 / 0.5)), PassageComparison.Divergence(uneven, even), 6);
    }

    [Fact]
    public void TokensThatAreRuledOutDoNotSpoilTheSum()
    {
        float[] certain = [0, float.NegativeInfinity];

        Assert.Equal(Math.Log(2), PassageComparison.Divergence(certain, [0, 0]), 6);
        Assert.Equal(0, PassageComparison.Divergence([1000, -1000], certain), 6);
    }

    [Fact]
    public void FiguresAreSharesOfAllQuestions()
    {
        var comparison = new PassageComparison(new PassageSetting(AfterHead: true, 4));
        var exact = new TrialAnswer(new CompletionOutput([1, 0], [7, 8]), "In [1].", 0);

        comparison.Add(exact, exact with { ReusedShare = 0.5 }, ["one", "two"]);
        comparison.Add(exact, new TrialAnswer(new CompletionOutput([0, 1], [7, 9]), "In [2].", 0.7), ["one", "two"]);
        PassageFigures figures = comparison.Sum();

        Assert.Equal((0.5, 0.5, 0.5), (figures.SameAnswers, figures.SameCitations, figures.SameFirstTokens));
        Assert.Equal(0.6, figures.ReusedShare, 12);
        Assert.True(figures.LargestDivergence > 0);
        Assert.Equal(figures.LargestDivergence / 2, figures.MeanDivergence, 12);
        Assert.Equal(new PassageSetting(true, 4), figures.Setting);
    }

    [Fact]
    public void TheOrderOfCitationsDoesNotCount()
    {
        var comparison = new PassageComparison(new PassageSetting(AfterHead: false, 0));

        comparison.Add(new TrialAnswer(new CompletionOutput([1], [1]), "[1][2]", 0), new TrialAnswer(new CompletionOutput([1], [2]), "[2], then [1].", 0), ["one", "two"]);

        Assert.Equal((0, 1), (comparison.Sum().SameAnswers, comparison.Sum().SameCitations));
    }
}
