using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RedisInfer.Errors;
using RedisInfer.Orleans.Relay;

namespace RedisInfer.Tests.Orleans;

/// <summary>What a caller sees if hosts are lost.</summary>
public sealed class AnswerRelayTests
{
    private const string Whole = "Backups are kept for thirty days [1].";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHostThatIsLostBeforeTheFirstTokenIsNotNoticed()
    {
        (string text, RagAnswer answer) = await ReadAsync(isRepeatable: false, [Lost("A", ""), Works("B", Whole)]);

        Assert.Equal(Whole, text);
        Assert.Equal(("B", 1), (answer.Route!.Host, answer.Route.LostHosts));
    }

    [Theory]
    [InlineData("B")]
    [InlineData("Backups are kept ")]
    [InlineData(Whole)]
    public async Task AnAnswerThatCanBeRepeatedIsContinued(string begun)
    {
        (string text, RagAnswer answer) = await ReadAsync(isRepeatable: true, [Lost("A", begun), Lost("B", begun[..1]), Works("C", Whole)]);

        Assert.Equal(Whole, text);
        Assert.Equal(("C", 2), (answer.Route!.Host, answer.Route.LostHosts));
    }

    [Fact]
    public async Task AnAnswerWithRandomSamplingEndsWithAClearError()
    {
        RedisInferException error = await Assert.ThrowsAsync<RedisInferException>(
            () => ReadAsync(isRepeatable: false, [Lost("A", "Backups"), Works("B", Whole)]));

        Assert.Equal(RedisInferErrorCode.AnswerInterrupted, error.Code);
        Assert.Contains("A was lost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Backups were", Whole)]
    [InlineData("Backups are kept", "Backups")]
    public async Task AnotherTextIsNeverAppended(string begun, string other)
    {
        RedisInferException error = await Assert.ThrowsAsync<RedisInferException>(
            () => ReadAsync(isRepeatable: true, [Lost("A", begun), Works("B", other)]));

        Assert.Equal(RedisInferErrorCode.AnswerInterrupted, error.Code);
    }

    [Theory]
    [InlineData(RedisInferErrorCode.QueueFull, true)]
    [InlineData(RedisInferErrorCode.ModelNotLoadable, true)]
    [InlineData(RedisInferErrorCode.ContextTooLong, false)]
    public async Task AnErrorOfTheHostIsAskedElsewhereAndOneOfTheQuestionIsNot(RedisInferErrorCode code, bool isAskedElsewhere)
    {
        Attempt[] attempts = [Lost("A", "", new RedisInferException(code, "no")), Works("B", Whole)];
        if (isAskedElsewhere)
            Assert.Equal(Whole, (await ReadAsync(isRepeatable: true, attempts)).Text);
        else
            Assert.Equal(code, (await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(isRepeatable: true, attempts))).Code);
    }

    [Fact]
    public async Task AnErrorOfThisHostIsTheCallers() =>
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(isRepeatable: true, [Lost("A", "", new IOException()) with { IsLocal = true }, Works("B", Whole)]));

    [Fact]
    public async Task AHostThatIsSilentIsLeft()
    {
        var isLeft = new TaskCompletionSource();
        Attempt silent = Silent("A", "Backups"), works = Works("B", Whole);
        Task<(string Text, RagAnswer Answer)> reading = ReadAsync(isRepeatable: true, [silent, works with { Open = left => Open(works, left) }]);
        while (!isLeft.Task.IsCompleted)
        {
            _time.Advance(Silence / 10);
            await Task.Yield();
        }

        Assert.Equal(Whole, (await reading).Text);

        IAsyncEnumerable<AttemptStep> Open(Attempt attempt, CancellationToken left)
        {
            isLeft.TrySetResult();
            return attempt.Open(left);
        }
    }

    [Fact]
    public async Task WithoutAHostThereIsAClearError() => Assert.Equal(
        RedisInferErrorCode.AnswerInterrupted,
        (await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(isRepeatable: true, [Lost("A", "")]))).Code);

    [Fact]
    public async Task LeavingEndsTheAttempt()
    {
        var ended = new TaskCompletionSource();
        var attempt = new Attempt("A", IsLocal: false, IsMoved: false, left =>
        {
            left.Register(() => ended.TrySetResult());
            return StepsAsync("A", Whole, answers: false, error: null, isSilent: true, left);
        });
        await foreach (RagUpdate _ in Relay().ReadAsync(_ => attempt, isRepeatable: true, _time.GetTimestamp(), Cancellation))
        {
            break;
        }

        await ended.Task.WaitAsync(Cancellation);
    }

    private AnswerRelay Relay() => new(Silence, _time, NullLogger.Instance);

    private async Task<(string Text, RagAnswer Answer)> ReadAsync(bool isRepeatable, Attempt[] attempts)
    {
        string text = "";
        RagAnswer? answer = null;
        await foreach (RagUpdate update in Relay().ReadAsync(
            lost => lost < attempts.Length ? attempts[lost] : null, isRepeatable, _time.GetTimestamp(), Cancellation))
        {
            Assert.Null(answer);
            text += update.Text;
            answer = update.Answer;
        }

        Assert.Equal(answer!.Text, text);
        return (text, answer);
    }

    private static Attempt Works(string host, string text) => Make(host, text, answers: true);

    private static Attempt Lost(string host, string text, Exception? error = null) => Make(host, text, answers: false, error ?? new IOException("The silo is gone."));

    private static Attempt Silent(string host, string text) => Make(host, text, answers: false, isSilent: true);

    private static Attempt Make(string host, string text, bool answers, Exception? error = null, bool isSilent = false) =>
        new(host, IsLocal: false, IsMoved: false, left => StepsAsync(host, text, answers, error, isSilent, left));

    private static async IAsyncEnumerable<AttemptStep> StepsAsync(
        string host, string text, bool answers, Exception? error, bool isSilent, [EnumeratorCancellation] CancellationToken left)
    {
        yield return new AttemptStep(host, null);
        yield return new AttemptStep(null, new RagUpdate { Passages = [] });
        foreach (char[] piece in text.Chunk(7))
        {
            await Task.Yield();
            yield return new AttemptStep(null, new RagUpdate { Text = new string(piece) });
        }

        if (isSilent)
            await Task.Delay(Timeout.Infinite, left);
        if (error is not null)
            throw error;
        if (answers)
            yield return new AttemptStep(null, new RagUpdate { Answer = Answer(text) });
    }

    private static RagAnswer Answer(string text) => new()
    {
        Question = "How long are backups kept?",
        Text = text,
        Citations = [],
        Passages = [],
        FinishReason = RagFinishReason.Stop,
        Usage = new RagUsage(),
        Timings = new RagTimings(),
        Context = new RagContextLoad { Strategy = "none" },
    };
}
