namespace RedisInfer.Orleans.Grains;

/// <summary>Names of grain directories.</summary>
internal static class GrainDirectories
{
    /// <summary>The directory of questions.</summary>
    public const string Questions = "redisinfer";
}
