namespace RedisInfer.Tests.Integration.Sample;

/// <summary>A folder for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("redisinfer-demo-").FullName;

    public string Path { get; }

    /// <summary>Writes a file, and the folders on the way to it.</summary>
    public string Write(string relativePath, string text)
    {
        string path = Prepare(relativePath);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string relativePath, ReadOnlySpan<byte> bytes)
    {
        string path = Prepare(relativePath);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Prepare(string relativePath)
    {
        string path = System.IO.Path.Combine(Path, relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }
}
