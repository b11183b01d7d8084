using System.Text;

namespace RedisInfer.Garnet;

/// <summary>
/// A temporary folder that only this user can enter, for the server's socket and for what does not fit its memory. Deleted when
/// disposed of; folders that killed processes left behind are deleted by the next one.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string Prefix = "redisinfer-garnet-";
    private const string LockName = "lock";

    // struct sockaddr_un holds 108 bytes on Linux and 104 on macOS, with the terminating zero.
    private const int LongestSocketPathBytes = 103;

    // A folder is a moment older than the lock in it: one this young may be about to be locked.
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
                throw new IOException("The path of the temporary folder is too long for a Unix socket; set TMPDIR to a shorter one.");
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
                // In use, or another user's.
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
            // It is temporary and locked to nobody now: the next server deletes it.
        }
    }
}
