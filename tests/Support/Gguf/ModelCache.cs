namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// The folder for generated models: the environment variable <see cref="FolderVariable"/>, or <c>artifacts/models</c> in the
/// repository, which git ignores. Several test processes may ask for the same model at once.
/// </summary>
public static class ModelCache
{
    public const string FolderVariable = "REDISINFER_MODEL_CACHE";

    public static string Folder { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(Repository.Root, "artifacts", "models")).FullName;

    /// <summary>Returns the path of the file with this name. Writes the file first if it does not exist.</summary>
    public static string GetOrCreate(string fileName, Action<Stream> write)
    {
        string path = Path.Combine(Folder, fileName);
        if (File.Exists(path))
            return path;

        // Writes a temporary file and renames it, so that no reader sees half a model. The last of two writers wins, with the same bytes.
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
            // Windows refuses to replace a file that a faster process has already opened. Both files have the same bytes.
        }
    }
}
