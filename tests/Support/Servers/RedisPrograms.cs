using System.Globalization;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>Where the redis-server programs lie that tests start.</summary>
public static class RedisPrograms
{
    /// <summary>The path of the redis-server program, or null where it is not installed.</summary>
    public static string? Find(RedisVersion version)
    {
        var named = Environment.GetEnvironmentVariable(EnvironmentVariable(version));
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named) ? named : throw new FileNotFoundException($"{EnvironmentVariable(version)} names no file.", named);

        var installed = Path.Combine(Repository.Root, "artifacts", "redis", Number(version), "bin", "redis-server");
        return File.Exists(installed) ? installed : null;
    }

    /// <summary>One line that says why a test was skipped and how to run it.</summary>
    public static string HowToInstall(RedisVersion version) =>
        $"Redis {Number(version)} is not installed; to run this test: bash eng/redis/install.sh {Number(version)} "
        + $"(or set {EnvironmentVariable(version)} to the path of a redis-server)";

    private static string EnvironmentVariable(RedisVersion version) => "REDISINFER_REDIS" + Number(version);

    private static string Number(RedisVersion version) => ((int)version).ToString(CultureInfo.InvariantCulture);
}
