using System.Diagnostics;
using System.Text;
using RedisInfer.Errors;
using RedisInfer.Folders;

namespace RedisInfer.Tests.Unit.Folders;

public sealed class FileTreeTests : IDisposable
{
    private static readonly DocumentFileReader Reader = new([], new DocumentLimits(), TimeProvider.System);

    private readonly string _folder = Directory.CreateTempSubdirectory("redisinfer-tree-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DocumentsComeInOrdinalOrderWithSlashesInTheirPaths()
    {
        foreach (string path in (string[])["b.md", "a/z.md", "a-b.md", "a.md", "a/b/c.md", "Z.md"])
            Write(path, path);

        DocumentEntry[] entries = await Read();

        Assert.Equal(["Z.md", "a-b.md", "a.md", "a/b/c.md", "a/z.md", "b.md"], entries.Select(entry => entry.Path));
        Assert.All(entries, entry => Assert.Equal((entry.Path, entry.Path), (entry.Document?.Path, entry.Document?.Text)));
    }

    [Fact]
    public async Task NamesMayHoldSpacesColonsBracesAndAnyLetters()
    {
        string[] names = OperatingSystem.IsWindows()
            ? ["a b.md", "{x}.md", "日本語.md", "smörgås.md"]
            : ["a b.md", "a:b.md", "back\\slash.md", "new\nline.md", "smörgås.md", "{x}.md", "日本語.md"];
        foreach (string name in names)
            Write(name, "text");

        Assert.Equal(names.Order(StringComparer.Ordinal), await Documents());
    }

    [Fact]
    public async Task GitignoreFilesAtEveryLevelDecideAndTheDeepestRuleWins()
    {
        Write(".gitignore", "*.log\nbuild/\n/top.md\n!keep.log\nspaced.md   \n# comment\n");
        Write("sub/.gitignore", "!wanted.log\n/only-here.md\n");
        string[] kept = ["keep.log", "sub/only.md", "sub/top.md", "sub/wanted.log", "sub/x/only-here.md"];
        string[] ignored = ["a.log", "build/x.md", "sub/build/x.md", "sub/other.log", "top.md", "sub/only-here.md", "spaced.md"];
        foreach (string path in kept.Concat(ignored))
            Write(path, "text");

        Assert.Equal(kept, await Documents());
        Assert.Equal(kept.Concat(ignored).Order(StringComparer.Ordinal), await Documents(new FileTreeOptions { UseIgnoreRules = false }));
    }

    [Fact]
    public async Task FileInAnIgnoredFolderCannotBeWantedBack()
    {
        Write(".gitignore", "made/\n!made/x.md\n");
        Write("made/x.md", "text");
        Write("y.md", "text");

        Assert.Equal(["y.md"], await Documents());
    }

    [Fact]
    public async Task FoldersThatToolsMakeAreLeftOut()
    {
        string[] kept = ["app/a.csproj", "bin/kept.md", "crate/Cargo.toml", "target/kept.md"];
        string[] made = ["app/bin/x.md", "app/obj/x.md", "crate/target/x.md", "node_modules/x.md", "py/__pycache__/x.md"];
        foreach (string path in kept.Concat(made))
            Write(path, "text");

        Assert.Equal(kept, await Documents());
    }

    [Fact]
    public async Task HiddenFilesAreReadOnlyWhenAskedForAndVersionControlNever()
    {
        foreach (string path in (string[])[".env", ".git/config", ".github/x.md", ".svn/x.md", "a.md"])
            Write(path, "text");

        Assert.Equal(["a.md"], await Documents());
        Assert.Equal([".env", ".github/x.md", "a.md"], await Documents(new FileTreeOptions { IncludeHidden = true }));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task TextWithAByteOrderMarkIsReadWithoutIt(string encodingName)
    {
        Encoding encoding = Encoding.GetEncoding(encodingName);
        File.WriteAllBytes(Full("a.md"), [.. encoding.GetPreamble(), .. encoding.GetBytes("naïve 日本 😀\r\n")]);

        Assert.Equal("naïve 日本 😀\r\n", Assert.Single(await Read()).Document!.Text);
    }

    [Theory]
    [InlineData(new byte[] { 0x7F, 0x45, 0x4C, 0x46, 0, 1 }, "binary")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x41, 0 }, "binary")]
    [InlineData(new byte[] { 0x25, 0x50, 0x44, 0x46, 0x2D, 0x31, 0x2E, 0x37, 0x0A }, "no reader for application/pdf")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x41 }, "damaged")]
    [InlineData(new byte[] { }, "empty")]
    [InlineData(new byte[] { 0x20, 0x0A }, "white space")]
    public async Task WhatIsNoTextIsSkippedWithItsReason(byte[] content, string reason)
    {
        File.WriteAllBytes(Full("a.dat"), content);
        Write("b.md", "text");

        DocumentEntry[] entries = await Read();

        Assert.Null(entries[0].Document);
        Assert.Contains(reason, entries[0].SkipReason);
        Assert.NotNull(entries[1].Document);
    }

    [Fact]
    public async Task NulByteFarBehindTheFirstBlockIsFoundToo()
    {
        File.WriteAllBytes(Full("a.dat"), [.. Enumerable.Repeat((byte)'a', 100_000), 0]);
        Write("b.md", "text");

        Assert.Contains("binary", (await Read())[0].SkipReason);
    }

    [Fact]
    public async Task FileOverTheLimitIsSkippedWithoutReadingItAndTheReasonNamesLimitAndOption()
    {
        using (FileStream file = File.Create(Full("large.txt")))
            file.SetLength(200L << 20);
        Write("b.md", "text");

        DocumentEntry large = (await Read())[1];

        Assert.Equal(
            "It has 200 MiB, over the limit of 16 MiB (MaxFileBytes). Raise the limit or split the file.", large.SkipReason);
        Assert.Equal(200L << 20, large.Bytes);
    }

    [Fact]
    public async Task FileThatGoesAwayIsSkippedAndReadingGoesOn()
    {
        foreach (string path in (string[])["a.md", "b.md", "c.md"])
            Write(path, "text");

        List<DocumentEntry> entries = [];
        await foreach (DocumentEntry entry in FileTree.ReadAsync(_folder, Reader, cancellationToken: TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
            File.Delete(Full("b.md"));
        }

        Assert.Equal(["a.md", "b.md", "c.md"], entries.Select(entry => entry.Path));
        Assert.Contains("cannot be read", entries[1].SkipReason);
    }

    [Fact]
    public async Task LinksAreFollowedToFilesInTheTreeOnly()
    {
        string outside = Directory.CreateTempSubdirectory("redisinfer-out-").FullName;
        try
        {
            // The layout of a volume that Kubernetes mounts: files are links into a hidden folder, which is reached through another link.
            File.WriteAllText(Path.Combine(outside, "secret.md"), "secret");
            Write("..2026/mounted.md", "mounted");
            Link("..data", Full("..2026"), isFolder: true);
            Link("mounted.md", Path.Combine("..data", "mounted.md"), isFolder: false);
            Link("loop", _folder, isFolder: true);
            Link("out", outside, isFolder: true);
            Link("out.md", Path.Combine(outside, "secret.md"), isFolder: false);
            Link("through.md", Path.Combine("out", "secret.md"), isFolder: false);
            Link("circle.md", "circle.md", isFolder: false);
            Link("nowhere.md", "gone.md", isFolder: false);

            DocumentEntry[] entries = await Read();

            Assert.Equal("mounted", Assert.Single(entries, entry => entry.Document is not null).Document!.Text);
            Assert.Equal(
                ["circle.md", "loop/", "nowhere.md", "out.md", "out/", "through.md"],
                entries.Where(entry => entry.SkipReason is not null).Select(entry => entry.Path));
            Assert.All(entries.Where(entry => entry.Document is null), entry => Assert.Contains("link", entry.SkipReason));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public async Task LinkDoesNotOpenWhatIsHiddenOrOfVersionControl()
    {
        foreach (string path in (string[])[".env", ".git/config", "sub/.SVN/deep/x.md", ".config/x.md", "..volume/shown.md", "a.md"])
            Write(path, path);
        Link("config.md", Path.Combine(".git", "config"), isFolder: false);
        Link("deep.md", Path.Combine("sub", ".SVN", "deep", "x.md"), isFolder: false);
        Link("env.md", ".env", isFolder: false);
        Link("hop.md", "env.md", isFolder: false);
        Link("in-hidden.md", Path.Combine(".config", "x.md"), isFolder: false);
        Link("shown.md", Path.Combine("..volume", "shown.md"), isFolder: false);

        Assert.Equal(["a.md", "shown.md"], await Documents());
        Assert.Equal(
            ["..volume/shown.md", ".config/x.md", ".env", "a.md", "env.md", "hop.md", "in-hidden.md", "shown.md"],
            await Documents(new FileTreeOptions { IncludeHidden = true }));
        DocumentEntry[] entries = await Read();
        Assert.Contains("version control", Assert.Single(entries, entry => entry.Path == "config.md").SkipReason);
        Assert.Contains("IncludeHidden", Assert.Single(entries, entry => entry.Path == "hop.md").SkipReason);
        Assert.Contains("IncludeHidden", Assert.Single(entries, entry => entry.Path == "in-hidden.md").SkipReason);
    }

    [Fact]
    public async Task NamesThatAreNotUtf8AreReported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such names.");
        Write("a.md", "text");
        Write("valid-\uFFFD.md", "The name has the replacement character itself.");
        await RunShellAsync(
            "printf x > \"$(printf 'caf\\351.md')\"; printf x > \"$(printf 'caf\\350.md')\"; printf x > \"$(printf 'valid-\\351.md')\"; "
            + "printf x > \"$(printf 'log\\351.log')\"; mkdir \"$(printf 'd\\351')\"; printf x > \"$(printf 'd\\351/in.md')\"");
        Write(".gitignore", "*.log\n");

        DocumentEntry[] entries = await Read();
        string[] documents = await Documents();
        await RunShellAsync("rm -r *"); // .NET cannot

        Assert.Equal(["a.md", "caf\uFFFD.md", "caf\uFFFD.md", "d\uFFFD/", "valid-\uFFFD.md", "valid-\uFFFD.md"], entries.Select(entry => entry.Path));
        Assert.Equal(["a.md", "valid-\uFFFD.md"], documents);
        DocumentEntry[] skipped = [.. entries.Where(entry => entry.Document is null)];
        Assert.All(skipped, entry => Assert.Equal("Its name is not valid UTF-8. Rename it.", entry.SkipReason));
        Assert.Equal(4, skipped.Length);
    }

    [Fact]
    public async Task RulesThatCannotBeUsedAreReported()
    {
        Write("rules", "*.md\n");
        Write("a.md", "text");
        Write("sub/b.md", "text");
        Link(".gitignore", "rules", isFolder: false);
        Write("sub/.gitignore", new string('#', (1 << 20) + 1));

        DocumentEntry[] entries = await Read();

        Assert.Equal([".gitignore", "a.md", "rules", "sub/.gitignore", "sub/b.md"], entries.Select(entry => entry.Path));
        Assert.Contains("must not be a link", entries[0].SkipReason);
        Assert.Contains("over 1048576 bytes", entries[3].SkipReason);
    }

    [Fact]
    public async Task ScanCountsWhatReadGives()
    {
        Write("a.md", "12345");
        Write("sub/b.md", "123");
        Write("empty.md", "");
        Write(".hidden", "1");

        FileTreeScan scan = FileTree.Scan(_folder, cancellationToken: TestContext.Current.CancellationToken);
        DocumentEntry[] entries = await Read();

        Assert.Equal(new FileTreeScan(3, 8), scan);
        Assert.Equal(scan, new FileTreeScan(entries.Length, entries.Sum(entry => entry.Bytes)));
    }

    [Fact]
    public async Task MissingFolderIsNamed()
    {
        RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => Read(folder: Full("gone")));

        Assert.Equal(RedisInferErrorCode.DocumentNotReadable, thrown.Code);
        Assert.Contains($"'{Full("gone")}' does not exist", thrown.Message);
        Assert.Throws<RedisInferException>(() => FileTree.Scan(Full("gone"), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FileInPlaceOfTheFolderIsNamed()
    {
        Write("a.md", "text");

        Assert.Contains("is a file", (await Assert.ThrowsAsync<RedisInferException>(() => Read(folder: Full("a.md")))).Message);
    }

    [Fact]
    public async Task FolderWithoutDocumentsIsAnErrorAfterItsLastEntry()
    {
        RedisInferException empty = await Assert.ThrowsAsync<RedisInferException>(() => Read());
        Assert.Equal(RedisInferErrorCode.DocumentNotReadable, empty.Code);
        Assert.Contains("no files", empty.Message);

        Write("a.bin", "\0");
        Assert.Contains("'a.bin': It is a binary file, not text", (await Assert.ThrowsAsync<RedisInferException>(() => Read())).Message);
    }

    [Fact]
    public async Task CancelledReadStops()
    {
        Write("a.md", "text");
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (DocumentEntry _ in FileTree.ReadAsync(_folder, Reader, cancellationToken: cancelled.Token))
                Assert.Fail("A file was read after cancellation.");
        });
    }

    [Fact]
    public void OptionsThatMakeNoSenseAreRefused() =>
        Assert.Contains(
            "MaxFileBytes is 0",
            Assert.Throws<ArgumentException>(() => FileTree.ReadAsync(
                _folder, Reader, new FileTreeOptions { MaxFileBytes = 0 }, cancellationToken: TestContext.Current.CancellationToken)).Message);

    private async Task<DocumentEntry[]> Read(FileTreeOptions? options = null, string? folder = null)
    {
        List<DocumentEntry> entries = [];
        await foreach (DocumentEntry entry in FileTree.ReadAsync(folder ?? _folder, Reader, options, cancellationToken: TestContext.Current.CancellationToken))
            entries.Add(entry);
        return [.. entries];
    }

    private async Task<string[]> Documents(FileTreeOptions? options = null) =>
        [.. (await Read(options)).Where(entry => entry.Document is not null && !entry.Path.EndsWith(".gitignore")).Select(entry => entry.Path)];

    private async Task RunShellAsync(string script)
    {
        using Process shell = Process.Start("sh", ["-c", $"cd \"$0\"; {script}", _folder]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }

    private string Full(string path) => Path.Combine(_folder, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllText(Full(path), text);
    }

    private void Link(string path, string target, bool isFolder)
    {
        if (isFolder)
            Directory.CreateSymbolicLink(Full(path), target);
        else
            File.CreateSymbolicLink(Full(path), target);
    }
}
