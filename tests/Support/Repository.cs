namespace RedisInfer.Tests.Support;

/// <summary>The repository from which these tests were built.</summary>
public static class Repository
{
    /// <summary>The root folder, which holds RedisInfer.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RedisInfer.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds RedisInfer.sln.");
    }
}
