using System.Text.Json;
using RedisInfer.Answering;
using RedisInfer.Errors;
using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Unit.Answering;

/// <summary>What one host sends another arrives whole.</summary>
public sealed class HandoffFormatTests
{
    private static readonly RagResponseFormat Format = RagResponseFormat.JsonSchema(JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"string"}}}""").RootElement);

    private static readonly RagPassage Cited = new()
    {
        Number = 3,
        Path = "a/b.md",
        Chunk = 2,
        StartLine = 5,
        EndLine = 9,
        Page = 4,
        Trail = "A > B",
        Score = .25f,
        Text = "Backups are kept.",
        AlsoIn = ["c.md"],
        TokenCount = 7,
    };

    private static readonly RagRequest Request = new("How long?")
    {
        History = [new RagTurn("What?", "That. [3]") { Passages = [Cited], Generated = new GeneratedAnswer("That. [3]", "t", [1, 2, 3]) }, new RagTurn("And?", "No.")],
        FollowUp = FollowUpSearch.QuestionOnly,
        Instructions = "In German.",
        TopK = 7,
        MinScore = float.NegativeInfinity,
        Retrieval = RetrievalMode.Lexical,
        Filter = new RagFilter { Paths = ["a/"], Tags = ["t"], Metadata = new Dictionary<string, string> { ["k"] = "v" } },
        Neighbors = 1,
        MaxOutputTokens = 5,
        MaxReasoningTokens = 0,
        Caller = "me",
        Priority = 2,
        PassageReuse = PassageReuse.Independent,
        Sampling = new SamplingOptions { Temperature = .1f, TopK = 3, Seed = uint.MaxValue },
        ResponseFormat = Format,
        StopSequences = ["\n\n"],
    };

    [Fact]
    public void ARequestArrivesWhole()
    {
        RagRequest read = HandoffFormat.ReadRequest(HandoffFormat.Write(Request));

        AssertEqual(Request, read);
        Assert.Equal(Request.Sampling, read.Sampling);
        Assert.Equal([1, 2, 3], read.History![0].Generated!.Tokens);
        Assert.Null(read.History[1].Generated);
        Assert.Equal(Format.Schema.GetRawText(), read.ResponseFormat!.Schema.GetRawText());
        Assert.Same(read.ResponseFormat, HandoffFormat.ReadRequest(HandoffFormat.Write(Request)).ResponseFormat);
    }

    [Fact]
    public void ADefaultRequestArrivesWhole()
    {
        RagRequest read = HandoffFormat.ReadRequest(HandoffFormat.Write(new RagRequest("How long?")));

        AssertEqual(new RagRequest("How long?"), read);
        Assert.Null(read.History);
    }

    [Fact]
    public void AQuestionArrivesWithItsPassages()
    {
        var passage = new Passage("a.md", 1, 2, 3, float.NaN, "Text.", new int[] { 4, 5 }) { Trail = "T", Page = 6, Bytes = 7, LoadStrategy = "pinned", AlsoIn = ["b.md"] };
        var result = new RetrievalResult([passage], TimeSpan.FromMilliseconds(1.5), TimeSpan.FromTicks(3)) { Rewritten = "How long is it?", EmbedTime = TimeSpan.FromHours(1) };
        var question = new FoundQuestion(Request, result, isRepeatable: true);

        FoundQuestion read = HandoffFormat.ReadQuestion(HandoffFormat.Write(question));

        Assert.Equal((question.Context, true, 1), (read.Context, read.IsRepeatable, read.PassageCount));
        AssertEqual(result, read.Result);
        Assert.Equal([4, 5], read.Result.Passages[0].Tokens.ToArray());
    }

    [Fact]
    public void AnAnswerArrivesWhole()
    {
        var answer = new RagAnswer
        {
            Question = "How long?",
            RewrittenQuestion = "How long is it?",
            Text = "Long. [3]",
            Reasoning = "Hm.",
            Citations = [new RagCitation { Number = 3, Path = "a/b.md", Chunk = 2, StartLine = 5, EndLine = 9, Score = .25f }],
            Passages = [Cited],
            FinishReason = RagFinishReason.Length,
            FromCache = true,
            Usage = new RagUsage { PromptTokens = 1, CachedTokens = 2, GeneratedTokens = 3, ReasoningTokens = 4, ProposedTokens = 5, AcceptedTokens = 6, IndependentTokens = 7 },
            Timings = new RagTimings { Queue = TimeSpan.FromTicks(1), FirstToken = TimeSpan.FromSeconds(2), Total = TimeSpan.FromDays(1) },
            Context = new RagContextLoad { Strategy = "pinned", Bytes = 1, Reason = "why", StateBytes = 2, RestoredTokens = 3 },
            Route = new RagRoute { Host = "a", IsLocal = true, IsMoved = true, LostHosts = 2 },
            Generated = new GeneratedAnswer("Long. [3]", "t", [9]),
        };
        var update = new RagUpdate { Text = "x", Reasoning = "y", Passages = [Cited], Answer = answer };

        RagUpdate read = HandoffFormat.ReadUpdate(HandoffFormat.Write(update));

        AssertEqual(update, read);
        Assert.Equal([9], read.Answer!.Generated!.Tokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Request":{"Question":5}}""")]
    public void OtherBytesAreAClearError(string text) => Assert.Equal(
        RedisInferErrorCode.StateCorrupt,
        Assert.Throws<RedisInferException>(() => HandoffFormat.ReadRequest(System.Text.Encoding.UTF8.GetBytes(text))).Code);

    [Fact]
    public void QuestionsWithACommonPrefixHaveOneContext()
    {
        Passage first = Make("a.md"), second = Make("b.md"), third = Make("c.md");

        Assert.Equal(ContextOf(new RagRequest("1"), first, second), ContextOf(new RagRequest("2"), third, first));
        Assert.NotEqual(ContextOf(new RagRequest("1"), first, second), ContextOf(new RagRequest("1"), second));
        Assert.NotEqual(ContextOf(new RagRequest("1"), first), ContextOf(new RagRequest("1") { Instructions = "In German." }, first));

        // A follow-up begins with the passages of the first turn, whatever it finds.
        var turn = new RagTurn("1", "One.") { Passages = [first.ToRagPassage(1, 1), second.ToRagPassage(2, 1)] };
        Assert.Equal(ContextOf(new RagRequest("1"), first, second), ContextOf(new RagRequest("2") { History = [turn] }, third));

        static Passage Make(string path) => new(path, 0, 1, 1, 0, path, new int[] { 1 });
        static string ContextOf(RagRequest request, params Passage[] passages) =>
            new FoundQuestion(request, new RetrievalResult(passages, default, default), isRepeatable: true).Context;
    }

    /// <summary>Compares every public property, to any depth.</summary>
    private static void AssertEqual<T>(T expected, T actual) => Assert.Equivalent(expected, actual, strict: true);
}
