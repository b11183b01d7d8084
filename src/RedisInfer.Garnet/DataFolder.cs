using System.Globalization;
using Garnet;
using Microsoft.Extensions.Logging;

namespace RedisInfer.Garnet;

/// <summary>A data folder that is locked for this process until this object is disposed of.</summary>
internal sealed partial class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private const string FormatName = "format.txt";

    // The texts of documents are in the folder. Whatever mode Garnet gives its files, they are as private as the folder.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode EveryUser = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    // Garnet's vector sets are a preview. Their layout on disk may change with any release.
    internal static string Format { get; } = string.Create(
        CultureInfo.InvariantCulture, $"RedisInfer.Garnet 1, Garnet {typeof(GarnetServer).Assembly.GetName().Version}");

    /// <summary>
    /// Creates the folder if necessary, locks it, and checks that this version can read its data. On Unix, a new folder is for this user
    /// only. An existing one keeps its mode; if every user can open it, a warning says so.
    /// </summary>
    public static DataFolder Open(string path, ILogger logger)
    {
        path = System.IO.Path.GetFullPath(path);
        string lockPath = System.IO.Path.Combine(path, LockName);
        string formatPath = System.IO.Path.Combine(path, FormatName);
        FileStream? @lock = null;
        try
        {
            Create(path);
            if (!File.Exists(lockPath) && Directory.EnumerateFileSystemEntries(path).Any())
                throw GarnetErrors.FolderOfSomethingElse(path);

            @lock = Lock(path, lockPath);
            if (!File.Exists(formatPath))
                File.WriteAllText(formatPath, Format);

            string found = File.ReadAllText(formatPath).Trim();
            if (found != Format)
                throw GarnetErrors.OtherFormat(path, found, Format);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & EveryUser) != 0)
                LogOpenToEveryUser(logger, path);
            return new DataFolder(path, @lock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            @lock?.Dispose();
            throw GarnetErrors.FolderNotUsable(path, e);
        }
        catch
        {
            @lock?.Dispose();
            throw;
        }
    }

    // Disposal keeps the file. If it were deleted, a third process could lock a new file while a second one holds the deleted one.
    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    private static FileStream Lock(string path, string lockPath)
    {
        try
        {
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(lockPath))
        {
            throw GarnetErrors.FolderInUse(path, e);
        }
    }

    [LoggerMessage(
        EventId = 900, Level = LogLevel.Warning,
        Message = "Every user of this machine can open the data folder '{Folder}', which contains the texts of the documents. Close it to "
            + "others with chmod o-rwx.")]
    private static partial void LogOpenToEveryUser(ILogger logger, string folder);
}
