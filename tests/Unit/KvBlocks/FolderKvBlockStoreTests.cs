using RedisInfer.KvBlocks;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.KvBlocks;

/// <summary>KV blocks in a folder, with real files.</summary>
public sealed class FolderKvBlockStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StatesOfAnyLengthComeBackAfterARestart()
    {
        int[] lengths = [1, 2, 15, 16, 17, 4095, 4096, 4097, FolderTestStore.StateBytes];
        KvChain chain = FolderTestStore.Chain(lengths.Length);
        byte[][] states = [.. lengths.Select((length, i) => FolderTestStore.State(i, length))];
        await using (var before = new FolderTestStore(_folder.Path))
        {
            for (int i = 0; i < states.Length; i++)
            {
                await before.SaveAsync(chain, i, states[i]);
            }
        }

        await using var after = new FolderTestStore(_folder.Path);

        Assert.Equal(lengths.Length, await after.CountAsync(chain));
        Assert.Equal(states, await after.LoadAsync(chain));
        Assert.Empty(after.Warnings);
    }

    [Fact]
    public async Task ChainEndsAtTheFirstBlockThatIsGone()
    {
        await using var store = new FolderTestStore(_folder.Path);
        KvChain chain = FolderTestStore.Chain(6);
        await store.SaveAsync(chain, 500);

        File.Delete(store.PathOf(chain.Blocks[4]));

        Assert.Equal(4, await store.CountAsync(chain));
        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 4, TestEnds));
        Assert.Equal(1, await store.Blocks.CountStoredAsync(chain, 5, TestEnds));
        Assert.Equal(4, (await store.LoadAsync(chain)).Count);
        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Missed]);
        Assert.Empty(store.Warnings);
    }

    [Theory]
    [InlineData("flipped", "seal")]
    [InlineData("flipped in the header", "header")]
    [InlineData("truncated", "length")]
    [InlineData("truncated in the header", "size")]
    [InlineData("extended", "length")]
    [InlineData("emptied", "size")]
    [InlineData("too large", "size")]
    [InlineData("of another block", "another block")]
    [InlineData("of another tenant", "another block")]
    [InlineData("of another secret", "another block")]
    [InlineData("of another model", "another model")]
    [InlineData("no block at all", "does not begin")]
    public async Task FileThatIsOffIsAMissThatIsCountedLoggedAndRemoved(string how, string problem)
    {
        await using var store = new FolderTestStore(_folder.Path);
        KvChain chain = FolderTestStore.Chain(3);
        await store.SaveAsync(chain, 3000);
        string path = store.PathOf(chain.Blocks[1]);

        await File.WriteAllBytesAsync(path, await SpoilAsync(store, await File.ReadAllBytesAsync(path, TestEnds), how), TestEnds);

        Assert.Single(await store.LoadAsync(chain));
        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Rejected]);
        string warning = Assert.Single(store.Warnings);
        Assert.Contains(problem, warning, StringComparison.Ordinal);
        Assert.Contains(chain.Blocks[1].Key.ToString(), warning, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task TwoProcessesFindTheBlocksOfEachOther()
    {
        await using var one = new FolderTestStore(_folder.Path);
        await using var other = new FolderTestStore(_folder.Path);
        KvChain chain = FolderTestStore.Chain(4);
        for (int i = 0; i < 4; i++)
        {
            await (i % 2 == 0 ? one : other).SaveAsync(chain, i, FolderTestStore.State(i, 700));
        }

        Assert.Equal(4, (await one.LoadAsync(chain)).Count);
        Assert.Equal(await one.LoadAsync(chain), await other.LoadAsync(chain));
    }

    [Fact]
    public async Task ProcessesThatWriteLoadAndRemoveAtOnceSeeWholeBlocksOnly()
    {
        const int Blocks = 12, Bytes = 20_000;
        KvChain[] chains = [.. Enumerable.Range(0, 4).Select(seed => FolderTestStore.Chain(Blocks, seed))];
        FolderTestStore[] stores = [.. Enumerable.Range(0, 3).Select(_ => new FolderTestStore(_folder.Path, maxBytes: 20 * Bytes))];

        await Task.WhenAll(stores.Select((store, number) => Task.Run(async () =>
        {
            for (int round = 0; round < 4; round++)
            {
                KvChain chain = chains[(round + number) % chains.Length];
                await store.SaveAsync(chain, Bytes);
                List<byte[]> loaded = await store.LoadAsync(chain);
                Assert.Equal([.. Enumerable.Range(0, loaded.Count).Select(i => FolderTestStore.State(i, Bytes))], loaded);
            }
        }, TestEnds)));

        Assert.All(stores, store => Assert.Empty(store.Warnings));
        Assert.All(stores, store => Assert.Equal(0, store.Blocks.Metrics[KvOutcome.Dropped] + store.Blocks.Metrics[KvOutcome.Rejected]));
        Assert.DoesNotContain(stores[0].Files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
        foreach (FolderTestStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task BlocksUsedLongestAgoGoWhenThereAreTooManyBytes()
    {
        var time = new ManualTime();
        const int Record = 1000 + KvEnvelope.OverheadBytes;
        await using var store = new FolderTestStore(_folder.Path, maxBytes: 8 * Record, time);
        KvChain kept = FolderTestStore.Chain(3, seed: 1), forgotten = FolderTestStore.Chain(3, seed: 2);
        await store.SaveAsync(kept, 1000);
        time.Advance(TimeSpan.FromSeconds(1));
        await store.SaveAsync(forgotten, 1000);
        time.Advance(TimeSpan.FromSeconds(1));
        await store.LoadAsync(kept);
        await WaitUntilAsync(() => File.GetLastWriteTimeUtc(store.PathOf(kept.Blocks[0])) == time.GetUtcNow().UtcDateTime);
        time.Advance(TimeSpan.FromSeconds(1));

        await store.SaveAsync(FolderTestStore.Chain(4, seed: 3), 1000);

        Assert.Equal(3, await store.CountAsync(kept));
        Assert.Equal(1, await store.CountAsync(forgotten));
        Assert.True(store.Files.Sum(file => new FileInfo(file).Length) <= 8 * Record);
    }

    [Fact]
    public async Task FilesOfEarlierProcessesCountToo()
    {
        const int Record = 1000 + KvEnvelope.OverheadBytes;
        await using (var before = new FolderTestStore(_folder.Path))
        {
            await before.SaveAsync(FolderTestStore.Chain(9, seed: 1), 1000);
        }

        await using var store = new FolderTestStore(_folder.Path, maxBytes: 5 * Record);
        KvChain chain = FolderTestStore.Chain(2, seed: 2);
        await store.SaveAsync(chain, 1000);

        Assert.Equal(2, await store.CountAsync(chain));
        Assert.Equal(5, store.Files.Length);
    }

    [Fact]
    public async Task BlockThatIsLargerThanTheLimitIsNotWritten()
    {
        await using var store = new FolderTestStore(_folder.Path, maxBytes: 1000);

        await store.SaveAsync(FolderTestStore.Chain(1), 1000);

        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Dropped]);
        Assert.Empty(store.Files);
        Assert.Empty(store.Warnings);
    }

    [Fact]
    public async Task BlockThatWasNotUsedForItsTimeToLiveIsGone()
    {
        var time = new ManualTime();
        await using var store = new FolderTestStore(_folder.Path, maxBytes: 100_000, time: time);
        KvChain used = FolderTestStore.Chain(1, seed: 1), unused = FolderTestStore.Chain(1, seed: 2);
        await store.SaveAsync(used, 1000);
        await store.SaveAsync(unused, 1000);
        time.Advance(TimeSpan.FromHours(23));
        await store.LoadAsync(used);
        await WaitUntilAsync(() => File.GetLastWriteTimeUtc(store.PathOf(used.Blocks[0])) == time.GetUtcNow().UtcDateTime);
        time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(1, await store.CountAsync(used));
        Assert.Equal(0, await store.CountAsync(unused));
        await store.SaveAsync(FolderTestStore.Chain(4, seed: 3), 1000);
        Assert.False(File.Exists(store.PathOf(unused.Blocks[0])));
    }

    [Fact]
    public async Task OtherFilesAreLeftAlone()
    {
        var time = new ManualTime();
        await using var store = new FolderTestStore(_folder.Path, maxBytes: 5000, time);
        await store.SaveAsync(FolderTestStore.Chain(1), 1000);
        string[] others = ["notes.txt", "00.kv", $"{new string('0', 32)}.txt", $"{new string('g', 32)}.kv", $"{new string('0', 32)}.kv.tmp"];
        foreach (string name in others)
        {
            await File.WriteAllBytesAsync(Path.Combine(store.Folder, name), new byte[100_000], TestEnds);
        }

        string left = Path.Combine(store.Folder, $"{new string('0', 32)}.kv.{new string('1', 32)}.tmp");
        await File.WriteAllBytesAsync(left, new byte[100], TestEnds);
        File.SetLastWriteTimeUtc(left, time.GetUtcNow().UtcDateTime);
        await store.SaveAsync(FolderTestStore.Chain(8, seed: 1), 1000);
        Assert.True(File.Exists(left));
        time.Advance(TimeSpan.FromHours(1));
        await store.SaveAsync(FolderTestStore.Chain(8, seed: 2), 1000);

        Assert.All(others, name => Assert.True(File.Exists(Path.Combine(store.Folder, name))));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task MappedBlockOutlivesItsFile()
    {
        await using var store = new FolderTestStore(_folder.Path);
        KvChain chain = FolderTestStore.Chain(1);
        await store.SaveAsync(chain, 5000);

        await foreach (LoadedKvBlock loaded in store.Blocks.LoadAsync(chain, 0, 1, TestEnds))
        {
            File.Delete(store.PathOf(chain.Blocks[0]));
            await store.SaveAsync(chain, 0, FolderTestStore.State(7, 5000));

            Assert.Equal(FolderTestStore.State(0, 5000), loaded.State.ToArray());
            Assert.Equal("mapped", loaded.Strategy);
            loaded.Dispose();
            Assert.Throws<ArgumentOutOfRangeException>(() => loaded.State.Length);
        }
    }

    [Fact]
    public async Task FilesAreForThisUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Skipping.Because("Windows has other permissions.");
            return;
        }

        await using var store = new FolderTestStore(Path.Combine(_folder.Path, "made"));
        await store.SaveAsync(FolderTestStore.Chain(1), 1000);

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.Combine(_folder.Path, "made")));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(store.Folder));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Assert.Single(store.Files)));
    }

    [Theory]
    [InlineData(0b111_101_000)]
    [InlineData(0b111_000_010)]
    public async Task FolderThatIsOpenToOthersIsNotUsed(int mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Skipping.Because("Windows has other permissions.");
            return;
        }

        KvChain chain = FolderTestStore.Chain(1);
        await using (var before = new FolderTestStore(_folder.Path))
        {
            await before.SaveAsync(chain, 1000);
            File.SetUnixFileMode(before.Folder, (UnixFileMode)mode);
        }

        await using var store = new FolderTestStore(_folder.Path);

        Assert.Empty(await store.LoadAsync(chain));
        Assert.Contains("chmod 700", Assert.Single(store.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullDiskIsAWarningAndWhatIsThereIsStillFound()
    {
        using var disk = SmallDisk.Mount(200_000);
        var time = new ManualTime();
        await using var store = new FolderTestStore(disk.Path, time: time);
        KvChain fits = FolderTestStore.Chain(2), tooMuch = FolderTestStore.Chain(1, seed: 1);
        await store.SaveAsync(fits, 50_000);

        await store.SaveAsync(tooMuch, 0, FolderTestStore.State(0, 99_000));

        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Dropped]);
        Assert.Single(store.Warnings);
        Assert.Equal(2, store.Files.Length);
        Assert.Equal(2, (await store.LoadAsync(fits)).Count);
        Assert.Equal(0, await store.CountAsync(tooMuch));
        Assert.Null(store.Blocks.TryRent());
        Assert.True(store.Blocks.Pause > TimeSpan.Zero);

        File.Delete(store.PathOf(fits.Blocks[1]));
        time.Advance(store.Blocks.Pause);
        await store.SaveAsync(tooMuch, 0, FolderTestStore.State(0, 99_000));
        Assert.Equal(1, await store.CountAsync(tooMuch));
    }

    [Fact]
    public async Task ReadOnlyDiskIsReadAndAWarning()
    {
        using var disk = SmallDisk.Mount(200_000);
        KvChain chain = FolderTestStore.Chain(3);
        await using (var before = new FolderTestStore(disk.Path))
        {
            await before.SaveAsync(chain, 5_000);
        }

        disk.MakeReadOnly();
        await using var store = new FolderTestStore(disk.Path);

        Assert.Equal(3, (await store.LoadAsync(chain)).Count);
        Assert.Empty(store.Warnings);
        await store.SaveAsync(FolderTestStore.Chain(1, seed: 1), 1_000);
        Assert.Single(store.Warnings);
        Assert.Equal(3, (await store.LoadAsync(chain)).Count);
    }

    [Fact]
    public async Task FolderThatCannotBeIsAWarning()
    {
        await File.WriteAllTextAsync(_folder["file"], "", TestEnds);
        await using var store = new FolderTestStore(_folder["file"]);
        KvChain chain = FolderTestStore.Chain(1);

        Assert.Equal(0, await store.CountAsync(chain));
        Assert.Empty(await store.LoadAsync(chain));

        Assert.Contains(_folder["file"], Assert.Single(store.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderThatWasRemovedIsMadeAgain()
    {
        var time = new ManualTime();
        await using var store = new FolderTestStore(_folder.Path, time: time);
        KvChain chain = FolderTestStore.Chain(2);
        await store.SaveAsync(chain, 1000);
        Directory.Delete(store.Folder, recursive: true);

        Assert.Equal(0, await store.CountAsync(chain));
        Assert.Empty(await store.LoadAsync(chain));
        await store.SaveAsync(chain, 0, FolderTestStore.State(0, 1000));
        time.Advance(store.Blocks.Pause);
        await store.SaveAsync(chain, 1000);

        Assert.Equal(2, (await store.LoadAsync(chain)).Count);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestEnds);
        }
    }

    private static async Task<byte[]> SpoilAsync(FolderTestStore store, byte[] record, string how)
    {
        switch (how)
        {
            case "flipped":
                record[2000] ^= 4;
                return record;
            case "flipped in the header":
                record[100] ^= 4;
                return record;
            case "truncated":
                return record[..^1];
            case "truncated in the header":
                return record[..100];
            case "extended":
                return [.. record, 0];
            case "emptied":
                return [];
            case "too large":
                return new byte[FolderTestStore.StateBytes + 1000];
            case "no block at all":
                return new byte[5000];
            default:
                KvIdentity identity = how switch
                {
                    "of another tenant" => FolderTestStore.Identity(tenant: "other"),
                    "of another secret" => FolderTestStore.Identity(secret: "other"),
                    "of another model" => FolderTestStore.Identity(fingerprint: "other"),
                    _ => FolderTestStore.Identity(),
                };
                KvChain other = FolderTestStore.Chain(3, seed: how == "of another block" ? 5 : 0, identity);
                await store.SaveAsync(other, 3000);
                return await File.ReadAllBytesAsync(store.PathOf(other.Blocks[1]), TestEnds);
        }
    }
}
