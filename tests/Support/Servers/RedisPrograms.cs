using System.Globalization;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>Finds the redis-server and valkey-server programs that tests start.</summary>
public static class RedisPrograms
{
    /// <summary>The path of the server's program, or <see langword="null"/> if it is not installed.</summary>
    public static string? Find(RedisVersion version)
    {
        var named = Environment.GetEnvironmentVariable(EnvironmentVariable(version));
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named) ? named : throw new FileNotFoundException($"{EnvironmentVariable(version)} names no file.", named);

        var installed = Path.Combine(Repository.Root, "artifacts", "redis", Name(version), "bin", Program(version));
        return File.Exists(installed) ? installed : null;
    }

    /// <summary>One line that says why a test was skipped and how to run it.</summary>
    public static string HowToInstall(RedisVersion version) =>
        $"{(version == RedisVersion.Valkey ? "Valkey" : "Redis " + Name(version))} is not installed. To run this test: bash "
        + $"eng/redis/install.sh {Name(version)} (or set {EnvironmentVariable(version)} to the path of a {Program(version)})";

    private static string EnvironmentVariable(RedisVersion version) =>
        version == RedisVersion.Valkey ? "REDISINFER_VALKEY" : "REDISINFER_REDIS" + Name(version);

    private static string Program(RedisVersion version) => version == RedisVersion.Valkey ? "valkey-server" : "redis-server";

    private static string Name(RedisVersion version) =>
        version == RedisVersion.Valkey ? "valkey" : ((int)version).ToString(CultureInfo.InvariantCulture);
}
