using RedisInfer.Inference;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.Inference;

public sealed class HostMemoryTests
{
    [Theory]
    [InlineData("0::/app.slice/one.service\n", 300)]
    [InlineData("0::/app.slice\n", 500)]
    [InlineData("0::/outside/path/that/is/not/here\n", 1000)]
    [InlineData("5:cpu,cpuacct:/\n3:memory:/old\n", 200)]
    [InlineData("5:cpu,cpuacct:/\n", null)]
    public void LeastLimitOfTheControlGroupsCounts(string membership, int? expected)
    {
        using var folder = new TempFolder();
        foreach ((string path, string value) in new[]
        {
            ("memory.max", "1000\n"), ("app.slice/memory.max", "500\n"), ("app.slice/one.service/memory.max", "300\n"),
            ("memory/memory.limit_in_bytes", "9000\n"), ("memory/old/memory.limit_in_bytes", "200\n"),
        })
        {
            string file = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, value);
        }

        string groups = Path.Combine(folder.Path, "cgroup");
        File.WriteAllText(groups, membership);

        Assert.Equal(expected, HostMemory.ReadContainerLimit(folder.Path, groups));
    }

    [Fact]
    public void NoLimitIsNone()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "memory.max"), "max\n");
        string groups = Path.Combine(folder.Path, "cgroup");
        File.WriteAllText(groups, "0::/\n");

        Assert.Null(HostMemory.ReadContainerLimit(folder.Path, groups));
        Assert.InRange(HostMemory.ReadLimit(), 1L << 26, long.MaxValue);
    }
}
