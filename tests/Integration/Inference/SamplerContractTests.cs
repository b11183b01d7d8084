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

    public static TheoryData<SamplingOptions> AllKinds =>
    [
        new SamplingOptions(),
        new SamplingOptions { Temperature = 3, TopK = 0, TopP = 1, MinP = 0, Seed = 5 },
        new SamplingOptions { Temperature = 3, Seed = 5, RepetitionPenalty = 1.5f },
        new SamplingOptions { RepetitionPenalty = 1.5f },
    ];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void OnlyTokensThatAFilterAllowsAreChosen(SamplingOptions options)
    {
        using IInferenceContext context = Model.Context();
        using ISampler sampler = Model.CreateSampler(options);
        var filter = new EveryNth(7, Model.Tokenizer.VocabularySize);
        int row = context.Append(0, Model.Tokens(Prompt));
        for (int i = 0; i < 30; i++)
        {
            int token = context.Sample(sampler, row, filter);

            Assert.True(filter.Allows(token), $"token {token}");
            row = context.Append(0, [token]);
        }

        Assert.InRange(filter.Restricted, 10, 30);
    }

    [Fact]
    public void AFilterThatAllowsAllChangesNothing()
    {
        var options = new SamplingOptions { Temperature = 2, TopK = 0, TopP = 1, MinP = 0, Seed = 9 };
        using IInferenceContext context = Model.Context();
        using ISampler sampler = Model.CreateSampler(options), same = Model.CreateSampler(options);
        var filter = new EveryNth(1, Model.Tokenizer.VocabularySize);
        int row = context.Append(0, Model.Tokens(Prompt));

        Assert.Equal(context.Sample(same, row), context.Sample(sampler, row, filter));
        Assert.Equal(0, filter.Restricted);
        Assert.Throws<ArgumentNullException>(() => context.Sample(sampler, row, null!));
    }

    /// <summary>Allows one token of several.</summary>
    private sealed class EveryNth(int n, int vocabularySize) : ITokenFilter
    {
        public int Restricted { get; private set; }

        public bool Allows(int token) => token % n == 0;

        public void Restrict(Span<float> logits)
        {
            Restricted++;
            Assert.Equal(vocabularySize, logits.Length);
            for (int token = 0; token < logits.Length; token++)
            {
                logits[token] = Allows(token) ? logits[token] : float.NegativeInfinity;
            }
        }
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
