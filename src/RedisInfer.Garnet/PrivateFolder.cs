using System.Text;

namespace RedisInfer.Garnet;

/// <summary>
/// A temporary folder that only this user can open: for the server's sockets, and for data that does not fit into memory. Disposal deletes
/// it. Creating one also deletes the folders of killed processes.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string Prefix = "redisinfer-garnet-";
    private const string LockName = "lock";

    // On Linux, struct sockaddr_un has room for 108 bytes, on macOS for 104, including the terminating zero.
    private const int LongestSocketPathBytes = 103;

    // A folder is slightly older than the lock in it. A folder this young may be about to be locked.
    private static readonly TimeSpan LeastAgeOfLeftovers = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private PrivateFolder(string path)
    {
        Path = path;
        _lock = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    public string Path { get; }

    public string SocketPath => System.IO.Path.Combine(Path, "s");

    public string CacheSocketPath => System.IO.Path.Combine(Path, "c");

    public static PrivateFolder Create(TimeProvider time)
    {
        string parent = System.IO.Path.GetTempPath();
        try
        {
            DeleteLeftovers(parent, time);
            string path = Directory.CreateTempSubdirectory(Prefix).FullName;
            if (Encoding.UTF8.GetByteCount(System.IO.Path.Combine(path, "s")) > LongestSocketPathBytes)
            {
                Directory.Delete(path);
                throw new IOException("The path of the temporary folder is too long for a Unix socket. Set TMPDIR to a shorter path.");
            }

            return new PrivateFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw GarnetErrors.FolderNotUsable(parent, e);
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Delete(Path);
    }

    private static void DeleteLeftovers(string parent, TimeProvider time)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                if (time.GetUtcNow() - Directory.GetCreationTimeUtc(folder) < LeastAgeOfLeftovers)
                    continue;

                using (new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or owned by another user.
            }
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is temporary and not locked any more: the next server deletes it.
        }
    }
}
