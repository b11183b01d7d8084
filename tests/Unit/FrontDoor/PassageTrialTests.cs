using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.FrontDoor;

/// <summary>
/// The model repeats what stands in its cells, and its context accepts no gap and no overlap: an answer is right only where every passage
/// was put in its place.
/// </summary>
public sealed class PassageTrialTests
{
    private const string Head = "Head:\n";
    private static readonly string[] Texts = ["the first text\n\n", "x\n\n", "the third and longest of the texts\n\n"];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 5)]
    [InlineData(true, 0)]
    [InlineData(true, 5)]
    [InlineData(true, int.MaxValue)]
    public void PassagesComputedWithoutEachOtherArePutInTheirPlaces(bool afterHead, int recomputedTokens)
    {
        (PassageTrial trial, Prompt prompt, _) = Start();
        var setting = new PassageSetting(afterHead, recomputedTokens);

        TrialAnswer exact = trial.Answer(prompt, 1000, TestContext.Current.CancellationToken);
        byte[][] states = trial.ComputePassages(prompt, afterHead, TestContext.Current.CancellationToken);
        TrialAnswer first = trial.Answer(prompt, states, setting, 1000, TestContext.Current.CancellationToken);
        TrialAnswer again = trial.Answer(prompt, states, setting, 1000, TestContext.Current.CancellationToken);

        string text = CharTokenizer.Read(prompt.Tokens)[..^1];
        Assert.Equal((text, text, text), (exact.Text, first.Text, again.Text));
        int reused = Texts.Sum(passage => (int)Math.Max(0, (long)passage.Length - recomputedTokens));
        Assert.Equal((double)reused / prompt.Tokens.Length, first.ReusedShare, 12);
        Assert.Equal(0, exact.ReusedShare);
    }

    [Fact]
    public void OnlyWhatIsNotReusedIsDecoded()
    {
        (PassageTrial trial, Prompt prompt, EchoModel model) = Start();
        byte[][] states = trial.ComputePassages(prompt, afterHead: true, TestContext.Current.CancellationToken);
        int decoded = 0;
        model.BeforeDecode = (batch, _) => decoded += batch.Count;

        trial.Answer(prompt, states, new PassageSetting(AfterHead: true, 2), maxOutputTokens: 1, TestContext.Current.CancellationToken);

        Assert.Equal(prompt.Tokens.Length - Head.Length - Texts.Sum(text => text.Length - 2), decoded);
    }

    [Fact]
    public void AnAnswerEndsWhereItMayNotBeLonger()
    {
        (PassageTrial trial, Prompt prompt, _) = Start();

        TrialAnswer answer = trial.Answer(prompt, 4, TestContext.Current.CancellationToken);

        Assert.Equal(Head[..4], answer.Text);
    }

    private static (PassageTrial Trial, Prompt Prompt, EchoModel Model) Start()
    {
        var tokens = new List<int>();
        var passages = new List<PromptPassage>();
        Add(Head);
        List<int> partEnds = [tokens.Count];
        foreach (string text in Texts)
        {
            int start = tokens.Count;
            string heading = $"[{passages.Count + 1}] a.md\n";
            Add(heading + text);
            passages.Add(new PromptPassage(passages.Count + 1, passages.Count, start, heading.Length, tokens.Count - start));
            partEnds.Add(tokens.Count);
        }

        Add($"Question: why?{EchoModel.EndOfPrompt}");
        var prompt = new Prompt([.. tokens], passages, [.. partEnds]);
        var model = new EchoModel();
        IInferenceContext context = model.CreateContext(new ContextOptions
        {
            ContextSize = (2 * tokens.Count) + passages.Max(passage => passage.TokenCount),
            MaxSequences = PassageTrial.SequenceCount,
            BatchSize = 7,
        });
        return (new PassageTrial(model, context), prompt, model);

        void Add(string text) => tokens.AddRange(new CharTokenizer().Tokenize(text, parseSpecial: false));
    }
}
