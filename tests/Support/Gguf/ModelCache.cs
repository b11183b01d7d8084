namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// The folder that keeps generated models: the environment variable <see cref="FolderVariable"/>, or <c>artifacts/models</c> of the
/// repository, which git ignores. Several test processes may ask for the same model at once.
/// </summary>
public static class ModelCache
{
    public const string FolderVariable = "REDISINFER_MODEL_CACHE";

    public static string Folder { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Repository.Root, "artifacts", "models")).FullName;

    /// <summary>The path of the file of that name, which is written first if it is not there.</summary>
    public static string GetOrCreate(string fileName, Action<Stream> write)
    {
        string path = Path.Combine(Folder, fileName);
        if (File.Exists(path))
            return path;

        // Written beside and renamed: no reader ever sees half a model. Of two writers the last one wins, with the same bytes.
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
                write(stream);
            Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }

        return path;
    }

    private static void Publish(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            // Windows refuses to replace a file that another process, which was faster, has already opened. Its bytes are ours.
        }
    }
}
