using RedisInfer.Errors;

namespace RedisInfer.Garnet;

/// <summary>All error texts of the embedded server.</summary>
internal static class GarnetErrors
{
    private const string MoveAway = "Move the folder away and index the documents again.";

    public static RedisInferException InvalidOptions(IEnumerable<string> problems) =>
        new(RedisInferErrorCode.InvalidOptions, "GarnetOptions: " + string.Join(" ", problems));

    public static RedisInferException FolderNotUsable(string folder, Exception cause) => new(
        RedisInferErrorCode.StoreUnavailable,
        $"The embedded Garnet cannot use the folder '{folder}': {cause.Message} Check its path, its owner and the free disk space.",
        cause);

    public static RedisInferException FolderInUse(string folder, Exception cause) => new(
        RedisInferErrorCode.StoreUnavailable,
        $"The data folder '{folder}' is in use by another embedded Garnet, in this process or in another one. Use one folder per "
        + "server, or share one Redis server.",
        cause);

    public static RedisInferException FolderOfSomethingElse(string folder) => new(
        RedisInferErrorCode.InvalidOptions,
        $"The folder '{folder}' contains files that no embedded Garnet wrote. Set DataDirectory to an empty folder or to one that does "
        + "not exist yet.");

    public static RedisInferException OtherFormat(string folder, string found, string expected) => new(
        RedisInferErrorCode.IndexMismatch,
        $"The data in '{folder}' was written by '{found}', but this version reads only '{expected}'. {MoveAway}");

    public static RedisInferException CacheNotStarted(string folder, Exception cause) => new(
        RedisInferErrorCode.StoreUnavailable,
        $"The embedded Garnet did not start its server for KV blocks in '{folder}': {cause.Message} Check the owner of that folder and the "
        + "free disk space.",
        cause);

    public static RedisInferException NotStarted(string? folder, Exception cause) => folder is null
        ? new(RedisInferErrorCode.StoreUnavailable, $"The embedded Garnet did not start: {cause.Message}", cause)
        : new(
            RedisInferErrorCode.StateCorrupt,
            $"The embedded Garnet did not start with the data in '{folder}': {cause.Message} If that data is damaged: {MoveAway}",
            cause);
}
