using System.Net;
using RedisInfer.Orleans.Placement;

namespace RedisInfer.Tests.Orleans;

public sealed class RouteKeyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("legal")]
    [InlineData("a|b c/ü")]
    public void AKeyIsReadAsItWasWritten(string? runtime)
    {
        SiloAddress silo = SiloAddress.New(IPAddress.Loopback, 11111, 42);
        foreach (SiloAddress? named in new[] { silo, null })
        {
            var key = new RouteKey(RouteKey.OfKey(runtime), "0123abcd", named, Guid.NewGuid());

            Assert.Equal(key, RouteKey.Parse(key.ToString()));
        }
    }

    [Fact]
    public void AnotherTextIsNoKey() => Assert.Throws<FormatException>(() => RouteKey.Parse("a|b"));
}
