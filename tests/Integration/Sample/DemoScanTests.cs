using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Sample;

/// <summary><c>scan</c> needs no model and no server, and says of every file what would become of it.</summary>
public sealed class DemoScanTests
{
    [Fact]
    public async Task ScanWithJsonPrintsOneLineWithDocumentsAndSkippedFiles()
    {
        using TempFolder folder = MakeFolder();

        ProgramResult result = await Demo.RunAsync(
            "scan", "--docs", folder.Path, "--json", "--model", "no-such-model.gguf", "--redis", "127.0.0.1:1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Empty(result.Error);
        Assert.Equal(
            """
            {"documents":[{"path":"Program.cs","mediaType":"text/x-csharp","encoding":"utf-8","bytes":9},{"path":"guides/größe.md","mediaType":"text/markdown","encoding":"windows-1252","bytes":8},{"path":"notes","mediaType":"text/plain","encoding":"utf-16","bytes":12}],"skipped":[{"path":".env","reason":"It is hidden. Set IncludeHidden to read hidden files."},{"path":".gitignore","reason":"It is hidden. Set IncludeHidden to read hidden files."},{"path":"build/","reason":".gitignore:1 ignores it."},{"path":"empty.md","reason":"It is empty, or not a regular file."},{"path":"photo.md","reason":"It is a binary file, and there is no reader for image/png."}]}

            """.ReplaceLineEndings("\n"),
            result.Output);
    }

    [Fact]
    public async Task ScanShowsATree()
    {
        using TempFolder folder = MakeFolder();

        ProgramResult result = await Demo.RunAsync("scan", "--docs", folder.Path);

        Assert.True(result.ExitCode == 0, result.Error);
        string[] lines = result.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(folder.Path, lines[0].TrimEnd());
        int guides = Array.FindIndex(lines, line => line.EndsWith("guides/", StringComparison.Ordinal));
        Assert.Contains("größe.md  text/markdown, windows-1252, 8 bytes", lines[guides + 1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("build/  .gitignore:1 ignores it.", StringComparison.Ordinal));
        Assert.Contains("3 to index, 2 skipped, 3 left out", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScanReportsNamesThatAreNotUtf8()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such names.");
        using var folder = new TempFolder();
        await RunShellAsync("printf x > \"$(printf 'caf\\351.md')\"; mkdir \"$(printf 'd\\351')\"", folder);
        ProgramResult result = await Demo.RunAsync("scan", "--docs", folder.Path, "--json");
        await RunShellAsync("rm -r *", folder); // .NET cannot

        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Empty(json.RootElement.GetProperty("documents").EnumerateArray());
        Assert.Equal(
            [("caf\uFFFD.md", "Its name is not valid UTF-8. Rename it."), ("d\uFFFD/", "Its name is not valid UTF-8. Rename it.")],
            json.RootElement.GetProperty("skipped").EnumerateArray().Select(file => (file.GetProperty("path").GetString(), file.GetProperty("reason").GetString())));
    }

    [Fact]
    public async Task ScanOfNoFolderIsAnError()
    {
        ProgramResult result = await Demo.RunAsync("scan", "--docs", "/no/such/folder", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("/no/such/folder", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private static async Task RunShellAsync(string script, TempFolder folder)
    {
        using Process shell = Process.Start("sh", ["-c", $"cd \"$0\"; {script}", folder.Path]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }

    private static TempFolder MakeFolder()
    {
        var folder = new TempFolder();
        Directory.CreateDirectory(folder["guides"]);
        Directory.CreateDirectory(folder["build"]);
        File.WriteAllText(folder[".env"], "SECRET=1");
        File.WriteAllText(folder[".gitignore"], "build/\n");
        File.WriteAllText(folder["Program.cs"], "class P;\n");
        File.WriteAllText(folder["build/out.md"], "made");
        File.WriteAllText(folder["empty.md"], "");
        File.WriteAllBytes(folder["guides/größe.md"], Encoding.Latin1.GetBytes("# Größe\n"));
        File.WriteAllBytes(folder["notes"], [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("notes")]);
        File.WriteAllBytes(folder["photo.md"], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]);
        return folder;
    }
}
