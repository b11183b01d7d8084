namespace RedisInfer.Tests.Support.Gguf;

/// <summary>The real embedding model all-MiniLM-L6-v2, which the build makes from the weights in a package.</summary>
public static class MiniLm
{
    /// <summary>Path of the model; <see langword="null"/> if the build could not restore the package.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Path of the model. Without it, the running test is skipped.</summary>
    public static string Require()
    {
        if (Path is null)
            Skipping.Because("the build could not restore the weights of all-MiniLM-L6-v2 (eng/embedding-model).");
        return Path;
    }

    private static string? Find()
    {
        string path = System.IO.Path.Combine(Repository.Root, "artifacts", "models", "all-MiniLM-L6-v2-q8_0.gguf");
        return File.Exists(path) ? path : null;
    }
}
