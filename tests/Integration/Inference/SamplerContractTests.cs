using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What sampling tokens must do, with every engine.</summary>
public abstract class SamplerContractTests(EngineUnderTest engine)
{
    private const string Prompt = "Backups are kept for";

    private IInferenceModel Model => engine.Text;

    [Fact]
    public void GreedyTakesTheMostLikelyToken()
    {
        using IInferenceContext context = Model.Context();
        using ISampler sampler = Model.CreateSampler(new SamplingOptions());
        int row = context.Append(0, Model.Tokens(Prompt));
        ReadOnlySpan<float> logits = context.GetLogits(row);
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        Assert.Equal(best, context.Sample(sampler, row));
    }

    [Fact]
    public void TopKOfOneIsGreedyAtAnyTemperature()
    {
        Assert.Equal(
            Generate(new SamplingOptions()),
            Generate(new SamplingOptions { Temperature = 5, TopK = 1, TopP = 1, MinP = 0, Seed = 1 }));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(uint.MaxValue)]
    public void SameSeedGivesTheSameTokensAndAnotherSeedOthers(uint seed)
    {
        var options = new SamplingOptions { Temperature = 2, TopK = 0, TopP = 1, MinP = 0, Seed = seed };

        Assert.Equal(Generate(options), Generate(options));
        Assert.NotEqual(Generate(options), Generate(options with { Seed = 77 }));
    }

    [Fact]
    public void WithoutASeedTokensDiffer()
    {
        var options = new SamplingOptions { Temperature = 5, TopK = 0, TopP = 1, MinP = 0 };

        Assert.NotEqual(Generate(options), Generate(options));
    }

    [Fact]
    public void RepetitionPenaltyForbidsWhatWasSaid()
    {
        // With a penalty this high, a token that was chosen before cannot win against a token with a logit above zero.
        int[] tokens = Generate(new SamplingOptions { RepetitionPenalty = 100, RepetitionWindow = 64 });

        Assert.Equal(tokens.Distinct(), tokens);
    }

    [Fact]
    public void SamplerOfAnotherModelIsRefused()
    {
        using IInferenceContext context = Model.Context();
        using ISampler sampler = engine.OtherText.CreateSampler(new SamplingOptions());
        int row = context.Append(0, Model.Tokens(Prompt));

        Assert.Throws<ArgumentException>(() => context.Sample(sampler, row));
        Assert.Throws<ArgumentNullException>(() => context.Sample(null!, row));
    }

    public static TheoryData<SamplingOptions> WrongOptions =>
    [
        new SamplingOptions { Temperature = -1 },
        new SamplingOptions { Temperature = float.NaN },
        new SamplingOptions { TopK = -1 },
        new SamplingOptions { TopP = 0 },
        new SamplingOptions { TopP = 1.1f },
        new SamplingOptions { MinP = float.NaN },
        new SamplingOptions { RepetitionPenalty = 0 },
        new SamplingOptions { RepetitionPenalty = float.PositiveInfinity },
        new SamplingOptions { RepetitionWindow = -1 },
        new SamplingOptions { RepetitionWindow = int.MaxValue },
    ];

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void WrongOptionsAreRefused(SamplingOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => Model.CreateSampler(options).Dispose());

    private int[] Generate(SamplingOptions options)
    {
        using IInferenceContext context = Model.Context();
        using ISampler sampler = Model.CreateSampler(options);
        int row = context.Append(0, Model.Tokens(Prompt));
        int[] tokens = new int[24];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = context.Sample(sampler, row);
            row = context.Append(0, tokens[i]);
        }

        return tokens;
    }
}
