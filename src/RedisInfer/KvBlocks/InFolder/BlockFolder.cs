using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.KvBlocks.InFolder;

/// <summary>
/// A folder with one file for each block, which several processes may use at once. A file is written under another name and renamed, so
/// no reader sees half of one. The time of a file is that of its last use; the oldest are removed first. Other files are left alone. Members
/// throw <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>. Reading is thread-safe; writing is for one thread.
/// </summary>
/// <param name="directory">The host's folder. The blocks are in a folder of it.</param>
/// <param name="maxBytes">Most bytes of all files.</param>
/// <param name="timeToLive">How long a block is kept after its last use.</param>
/// <param name="time">The clock.</param>
internal sealed partial class BlockFolder(string directory, long maxBytes, TimeSpan timeToLive, TimeProvider time)
{
    /// <summary>The folder of the blocks. The number is the version of the format.</summary>
    internal const string Name = "kv-blocks-1";

    private const string BlockSuffix = ".kv";
    private const string TemporarySuffix = ".tmp";
    private const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Other processes write too, so the files are counted again each time this fraction of the limit was added.
    private const int CountsPerLimit = 64;

    // A file that is written for longer was left by a process that ended.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromMinutes(10);

    private readonly string _path = Path.Combine(Path.GetFullPath(directory), Name);
    private long? _bytes;
    private long _addedBytes;

    /// <summary>Creates the folder if necessary, for this user only.</summary>
    /// <exception cref="UnauthorizedAccessException">It exists, and other users may use it.</exception>
    public void Open()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!, PrivateFolder);
        Directory.CreateDirectory(_path, PrivateFolder);
        if ((File.GetUnixFileMode(_path) & ~PrivateFolder) is not UnixFileMode.None)
        {
            throw new UnauthorizedAccessException(
                $"Other users may use '{_path}', and could read or replace KV states. Remove their permissions with chmod 700.");
        }
    }

    /// <summary>Whether there is a block that has not expired.</summary>
    public bool Has(KvBlock block)
    {
        var file = new FileInfo(PathOf(block));
        return file.Exists && !IsExpired(file);
    }

    /// <summary>Maps the file of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="maxBytes">Most bytes that its record can have.</param>
    /// <returns>The record; <see langword="null"/> if the file's size cannot be that of a record.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public MappedRecord? Map(KvBlock block, int maxBytes) => MappedRecord.Open(PathOf(block), maxBytes);

    /// <summary>Writes a block, after removing the oldest if there would be too many bytes.</summary>
    /// <returns>Whether it was written; not if it alone is too large.</returns>
    public bool Write(KvBlock block, ReadOnlySpan<byte> record)
    {
        if (record.Length > maxBytes)
            return false;

        MakeRoom(record.Length);
        string path = PathOf(block);
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            using (var file = new FileStream(temporary, CreateOptions(record.Length)))
                file.Write(record);
            File.SetLastWriteTimeUtc(temporary, TimeOf(block));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            Remove(temporary);
            throw;
        }

        _bytes += record.Length;
        _addedBytes += record.Length;
        return true;
    }

    /// <summary>Notes that a block was used.</summary>
    public void Touch(KvBlock block) => File.SetLastWriteTimeUtc(PathOf(block), TimeOf(block));

    /// <summary>Removes the file of a block that is not to be trusted.</summary>
    public void Remove(KvBlock block) => Remove(PathOf(block));

    private static FileStreamOptions CreateOptions(long bytes)
    {
        // The size is reserved first, so that a full disk is noticed before anything is written.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = bytes,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static bool Remove(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process has it open, on systems that then refuse. It is removed another time.
            return false;
        }
    }

    private string PathOf(KvBlock block) => Path.Combine(_path, block.Key + BlockSuffix);

    // Deeper blocks of a chain count as a little older: without the blocks before them they are useless, so they are removed first.
    private DateTime TimeOf(KvBlock block) => time.GetUtcNow().UtcDateTime.AddMilliseconds(-block.Start / 1000.0);

    private bool IsExpired(FileInfo file) => file.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - timeToLive;

    private void MakeRoom(long bytes)
    {
        if (_bytes + bytes <= maxBytes && _addedBytes + bytes <= maxBytes / CountsPerLimit)
            return;

        List<FileInfo> files = [.. new DirectoryInfo(_path).EnumerateFiles().Where(Stays)];
        long total = files.Sum(file => file.Length);
        if (total + bytes > maxBytes)
        {
            // Room for a few more blocks, so that the files need not be counted for each.
            long limit = maxBytes - (maxBytes / CountsPerLimit / bytes * bytes);
            files.Sort((a, b) => a.LastWriteTimeUtc.CompareTo(b.LastWriteTimeUtc));
            foreach (FileInfo oldest in files.TakeWhile(_ => total + bytes > limit))
            {
                total -= Remove(oldest.FullName) ? oldest.Length : 0;
            }
        }

        _bytes = total;
        _addedBytes = 0;
    }

    /// <summary>Removes what has expired and what an ended process left.</summary>
    /// <returns>Whether it is a file of a block that stays, or that is being written.</returns>
    private bool Stays(FileInfo file)
    {
        Match name = FileName().Match(file.Name);
        if (!name.Success || !file.Exists)
            return false;

        bool goes = name.Groups["temporary"].Success ? file.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - WriteLimit : IsExpired(file);
        return !goes || !Remove(file.FullName);
    }

    [GeneratedRegex(@"\A[0-9a-f]{32}\.kv(?<temporary>\.[0-9a-f]{32}\.tmp)?\z")]
    private static partial Regex FileName();
}
