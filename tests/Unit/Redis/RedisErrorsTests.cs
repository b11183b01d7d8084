using System.Globalization;
using RedisInfer.Errors;
using RedisInfer.Redis;
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

    [Theory]
    [InlineData("RESPite", true)]
    [InlineData("StackExchange.Redis", true)]
    [InlineData("RedisInfer", false)]
    public void AnswerThatTheClientCannotReadIsTheServersError(string thrownBy, bool isServers) =>
        Assert.Equal(isServers, RedisErrors.IsRedis(new InvalidOperationException("This operation requires a scalar element.") { Source = thrownBy }));

    [Fact]
    public void CancellationAndWrongArgumentsAreNotTheServers()
    {
        Assert.False(RedisErrors.IsRedis(new OperationCanceledException()));
        Assert.False(RedisErrors.IsRedis(new ArgumentException("wrong")));
        Assert.True(RedisErrors.IsRedis(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.Sent)));
        Assert.True(RedisErrors.IsRedis(new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, "gone", null, CommandStatus.Unknown)));
    }
}
