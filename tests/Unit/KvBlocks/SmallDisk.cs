using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.KvBlocks;

/// <summary>A file system of its own in memory, which a test can fill and make read-only. Needs Linux and root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    private SmallDisk(int bytes)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path))
        {
            _folder.Dispose();
            Skipping.Because("Only root can mount a small disk, on Linux.");
        }
    }

    public string Path => _folder.Path;

    public static SmallDisk Mount(int bytes) => new(bytes);

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
