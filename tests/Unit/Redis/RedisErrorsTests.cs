using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Redis;
using RESPite.Messages;
using StackExchange.Redis;

namespace RedisInfer.Tests.Unit.Redis;

public sealed class RedisErrorsTests
{
    [Theory]
    [InlineData("NOPERM User x has no permissions", "REDIS_FORMAT.md", RedisInferErrorCode.StoreUnavailable)]
    [InlineData("NOAUTH Authentication required.", "password", RedisInferErrorCode.StoreUnavailable)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", "maxmemory", RedisInferErrorCode.OverBudget)]
    [InlineData("ERR unknown command 'VSIM'", "Redis 7", RedisInferErrorCode.StoreUnavailable)]
    [InlineData("READONLY You can't write against a read only replica.", "primary", RedisInferErrorCode.StoreUnavailable)]
    [InlineData("WRONGTYPE Operation against a key", "another corpus name", RedisInferErrorCode.StoreUnavailable)]
    public void ServerErrorIsToldWithWhereWhatAndTheRemedy(string error, string remedy, RedisInferErrorCode code)
    {
        RedisInferException e = RedisErrors.From(new RedisServerException(default(RedisErrorKind), CommandFlags.None, error), "Redis at h:1", "reading the corpus 'docs'");

        Assert.Equal(code, e.Code);
        Assert.StartsWith("Redis at h:1 failed while reading the corpus 'docs': " + error[..5], e.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", typeof(long), false)]
    [InlineData("", typeof(long), true)]
    [InlineData("99999999999999999999", typeof(long), true)]
    [InlineData("abc", typeof(bool), true)]
    public void AnswerThatIsNoValueOfTheCommandIsTheServersError(string answer, Type type, bool isError)
    {
        Exception? thrown = Record.Exception(() => Convert.ChangeType((RedisValue)answer, type, CultureInfo.InvariantCulture));

        Assert.Equal(isError, thrown is not null && RedisErrors.IsRedis(thrown));
        if (isError)
        {
            RedisInferException e = RedisErrors.From(thrown!, "Redis at h:1", "reading the corpus 'docs'");
            Assert.Contains("not what the command gives", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnswerThatTheClientCannotReadIsTheServersError() =>
        Assert.True(RedisErrors.IsRedis(Record.Exception(static () => new RespReader(":1\r\n"u8).DemandAggregate())!));

    [Fact]
    public void ErrorThatTheProductThrowsItselfIsNotTheServers()
    {
        static void Throw() => throw new InvalidOperationException("Of this test.");

        Assert.False(RedisErrors.IsRedis(Record.Exception(Throw)!));
    }

    [Theory]
    [InlineData(2, 2, 1, true)]
    [InlineData(66, 2, 140, true)]
    [InlineData(1, 2, 140, false)]
    [InlineData(66, 2, 0, false)]
    public void ATimeOutOfAStarvedPoolBlamesThePool(int busy, int least, int queued, bool isStarved)
    {
        string message = "Timeout awaiting response (outbound=0KiB, inbound=0KiB, 5012ms elapsed, timeout is 5000ms), command=GET, "
            + $"IOCP: (Busy=0,Free=1000,Min=2,Max=1000), WORKER: (Busy={busy},Free={32767 - busy},Min={least},Max=32767), "
            + $"POOL: (Threads={busy},QueuedItems={queued},CompletedItems=1234,Timers=7), v: 3.4.35.1";

        RedisInferException e = RedisErrors.From(
            new RedisTimeoutException(CommandFlags.None, message, CommandStatus.Sent), "Redis at h:1", "reading the corpus 'docs'");

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        Assert.Equal(isStarved, e.Message.Contains("thread pool of this process is starved", StringComparison.Ordinal));
        Assert.Equal(isStarved, e.Message.Contains($"{busy} threads are busy", StringComparison.Ordinal));
        Assert.NotEqual(isStarved, e.Message.Contains("The server is busy or stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void CancellationAndWrongArgumentsAreNotTheServers()
    {
        Assert.False(RedisErrors.IsRedis(new OperationCanceledException()));
        Assert.False(RedisErrors.IsRedis(new ArgumentException("wrong")));
        Assert.True(RedisErrors.IsRedis(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.Sent)));
        Assert.True(RedisErrors.IsRedis(new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, "gone", null, CommandStatus.Unknown)));
    }
}
