using RedisInfer.Prompting;

namespace RedisInfer.Tests.Unit.Prompting;

public sealed class ThoughtReaderTests
{
    private const string Thought = "\nPassage [2] speaks of logs.\n";

    public static TheoryData<string, string> Forms => new(ThoughtForm.All.Select(form => (form.Open, form.Close + "\n\n" + form.Answer)));

    [Theory]
    [MemberData(nameof(Forms))]
    public void ThoughtThatTheModelOpensIsApart(string open, string close)
    {
        Assert.Equal((Thought, "Kept for 30 days [1].", null), Read(null, open + Thought + close + "Kept for 30 days [1]."));
        Assert.Equal((Thought, "Kept.", null), Read(null, " \n" + open + Thought + close + " Kept."));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void ThoughtThatThePromptOpensIsApart(string open, string close)
    {
        ThoughtForm form = Assert.IsType<ThoughtForm>(ThoughtForm.OpenAtEnd($"<|im_start|>assistant\n{open}\n"));

        Assert.Equal((Thought, "Kept for 30 days [1].", null), Read(form, Thought + close + "Kept for 30 days [1]."));
    }

    [Fact]
    public void ThoughtThatIsNeverClosedIsNoAnswer()
    {
        Assert.Equal(("a < b </think", "", "<think>"), Read(null, "<think>a < b </think"));
        Assert.Equal(("a", "", "<think>"), Read(ThoughtForm.OpenAtEnd("<think>"), "a"));
    }

    [Fact]
    public void ChannelsBeforeTheAnswerAreApart()
    {
        string text = "<|channel|>analysis<|message|>First.<|end|><|start|>assistant<|channel|>commentary<|message|>Second.<|end|>"
            + "<|start|>assistant<|channel|>final<|message|>Kept [1].";

        Assert.Equal(("First.Second.", "Kept [1].", null), Read(null, text));
    }

    [Theory]
    [InlineData("Kept for 30 days [1].")]
    [InlineData("The parser ends a thought at </think> and begins it at <think>.")]
    [InlineData("<thin")]
    [InlineData("<b>Kept</b>")]
    [InlineData("[TH]")]
    [InlineData("")]
    public void AnswerWithoutThoughtsStaysAsItIs(string text) => Assert.Equal(("", text, null), Read(null, text));

    [Fact]
    public void OnlyTheSpaceThatAVocabularyPutsFirstIsRemoved()
    {
        Assert.Equal(("", "Kept.", null), Read(null, " Kept."));
        Assert.Equal(("", "\n  code", null), Read(null, "\n  code"));
    }

    [Fact]
    public void NamesOfControlTokensAreNeverShown()
    {
        var reader = new ThoughtReader(null);
        reader.Append("[THINK]", isControl: true);
        reader.Append("why", isControl: false);
        reader.Append("<|tool|>", isControl: true);
        reader.Append("[/THINK]", isControl: true);
        reader.Append("Kept", isControl: false);
        reader.Append("<|odd|>", isControl: true);
        reader.Append(".", isControl: false);
        reader.Finish();

        Assert.Equal("why", reader.TakeThought());
        Assert.Equal("Kept.", reader.TakeAnswer());
    }

    // The same for every way to cut the text in pieces of one length.
    private static (string Thought, string Answer, string? Open) Read(ThoughtForm? open, string text)
    {
        (string, string, string?)[] results = [.. Enumerable.Range(1, Math.Max(1, text.Length)).Select(length =>
        {
            var reader = new ThoughtReader(open);
            string thought = "", answer = "";
            foreach (char[] piece in text.Chunk(length))
            {
                reader.Append(new string(piece), isControl: false);
                thought += reader.TakeThought();
                answer += reader.TakeAnswer();
            }

            string? current = reader.Current?.Open;
            reader.Finish();
            return (thought + reader.TakeThought(), answer + reader.TakeAnswer(), current);
        }).Distinct()];
        return Assert.Single(results);
    }
}
