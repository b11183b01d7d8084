using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RedisInfer.Tests.Package;

public sealed class PackageContentTests(PackedFeed feed)
{
    public static TheoryData<string> Packages => ["RedisInfer", "RedisInfer.Documents", "RedisInfer.Garnet", "RedisInfer.LLamaSharp", "RedisInfer.Orleans"];

    public static TheoryData<string> Rids => ["linux-x64", "linux-arm64", "osx-x64", "osx-arm64", "win-x64", "win-arm64"];

    [Fact]
    public void PackingMakesTheFivePackagesAndNothingElse() =>
        Assert.Equal(
            Packages.Select(row => Path.GetFileName(feed.PathOf(row.Data))).SelectMany(name => new[] { name, Path.ChangeExtension(name, ".snupkg") }).Order(),
            Directory.EnumerateFiles(feed.Folder).Select(Path.GetFileName).Order());

    [Fact]
    public void RedisInferHoldsBothAssembliesWithDocsAndTheTextsAndNativesOnlyOtherwise() =>
        Assert.Equal(
            [
                "CHANGELOG.md",
                "LICENSE",
                "README.md",
                "THIRD-PARTY-NOTICES.md",
                "icon.png",
                "lib/net10.0/RedisInfer.Extensions.dll",
                "lib/net10.0/RedisInfer.Extensions.xml",
                "lib/net10.0/RedisInfer.dll",
                "lib/net10.0/RedisInfer.xml",
            ],
            Files("RedisInfer").Where(name => !name.StartsWith("runtimes/", StringComparison.Ordinal)));

    [Theory]
    [InlineData("RedisInfer.Documents")]
    [InlineData("RedisInfer.Garnet")]
    [InlineData("RedisInfer.LLamaSharp")]
    [InlineData("RedisInfer.Orleans")]
    public void OtherPackageHoldsItsAssemblyWithDocsAndTheTexts(string id) =>
        Assert.Equal(
            ["CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-NOTICES.md", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], Files(id));

    [Theory]
    [MemberData(nameof(Packages))]
    public void SymbolsOfEachAssemblyHoldItsSources(string id)
    {
        using var symbols = ZipFile.OpenRead(Path.ChangeExtension(feed.PathOf(id), ".snupkg"));
        string[] assemblies = [.. Files(id).Where(name => name.EndsWith(".dll", StringComparison.Ordinal) && name.StartsWith("lib/", StringComparison.Ordinal))];

        Assert.NotEmpty(assemblies);
        foreach (string assembly in assemblies)
        {
            using var copy = new MemoryStream();
            using (var stream = symbols.GetEntry(Path.ChangeExtension(assembly, ".pdb"))!.Open())
            {
                stream.CopyTo(copy);
            }

            copy.Position = 0;
            using var provider = MetadataReaderProvider.FromPortablePdbStream(copy);
            MetadataReader reader = provider.GetMetadataReader();
            Assert.All(reader.Documents, document => Assert.Contains(
                reader.GetCustomDebugInformation(document), handle => reader.GetGuid(reader.GetCustomDebugInformation(handle).Kind) == EmbeddedSource));
        }
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void PackageSaysWhatItIs(string id)
    {
        using var package = feed.Open(id);
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Descendants().Single(element => element.Name.LocalName == "metadata");
        string Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

        Assert.Equal(("icon.png", "README.md"), (Value("icon"), Value("readme")));
        Assert.Contains("rag", Value("tags").Split(' '));
        Assert.Contains("CHANGELOG.md", Value("releaseNotes"), StringComparison.Ordinal);
        Assert.NotEmpty(Value("description"));
    }

    [Fact]
    public void NativesAreThereForTheSixPlatformsAndNoOther() =>
        Assert.Equal(
            Rids.Select(row => row.Data).Order(),
            Files("RedisInfer").Where(name => name.StartsWith("runtimes/", StringComparison.Ordinal))
                .Select(name => name.Split('/')[1]).Distinct().Order());

    [Theory]
    [MemberData(nameof(Rids))]
    public void NativesOfAPlatformAreTheListedOnesByteForByte(string rid)
    {
        var listed = File.ReadLines(Path.Combine(PackedFeed.RepositoryRoot, "eng", "natives", "checksums", rid + ".sha256"))
            .Select(line => (Hash: line[..64], Name: line[66..])).ToArray();
        using var package = feed.Open("RedisInfer");
        var packed = package.Entries.Where(entry => entry.FullName.StartsWith($"runtimes/{rid}/native/", StringComparison.Ordinal))
            .Select(entry => (Hash: Sha256(entry), entry.Name));
        Assert.Equal(listed.OrderBy(file => file.Name, StringComparer.Ordinal), packed.OrderBy(file => file.Name, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rids))]
    public void NativesOfAPlatformBearTheNamesThatTheLoaderLooksFor(string rid)
    {
        var (prefix, extension, plugin) = rid[..3] switch
        {
            "win" => ("", ".dll", ".dll"),
            "osx" => ("lib", ".dylib", ".so"),
            _ => ("lib", ".so", ".so"),
        };
        var names = Files("RedisInfer").Where(name => name.StartsWith($"runtimes/{rid}/native/", StringComparison.Ordinal))
            .Select(Path.GetFileName).OfType<string>().ToArray();

        // The loader opens these three by stem and extension. With two candidates, the choice would be arbitrary.
        foreach (var stem in new[] { "llama", "ggml", "ggml-base" })
        {
            Assert.Single(names, name => name.StartsWith($"{prefix}{stem}.", StringComparison.Ordinal)
                && name.EndsWith(extension, StringComparison.Ordinal));
        }

        Assert.Contains(names, name => Regex.IsMatch(name, $@"^{prefix}ggml-cpu(-[a-z0-9._]+)?\{plugin}$"));
        Assert.DoesNotContain(names, name => name.Contains("addon", StringComparison.Ordinal) || name.Contains("common", StringComparison.Ordinal));
    }

    [Fact]
    public void SizeOfThePackageIsThatOfSixPlatformsWithoutTheAddons() =>
        Assert.InRange(new FileInfo(feed.PathOf("RedisInfer")).Length, 35_000_000, 70_000_000);

    [Theory]
    [InlineData("RedisInfer", "src/RedisInfer/RedisInfer.csproj", "src/RedisInfer.Extensions/RedisInfer.Extensions.csproj")]
    [InlineData("RedisInfer.Documents", "src/RedisInfer.Documents/RedisInfer.Documents.csproj")]
    [InlineData("RedisInfer.Garnet", "src/RedisInfer.Garnet/RedisInfer.Garnet.csproj")]
    [InlineData("RedisInfer.LLamaSharp", "src/RedisInfer.LLamaSharp/RedisInfer.LLamaSharp.csproj")]
    [InlineData("RedisInfer.Orleans", "src/RedisInfer.Orleans/RedisInfer.Orleans.csproj")]
    public void WhatAProjectReferencesThePackageDependsOnInTheCentralVersion(string id, params string[] projects)
    {
        var central = Items("Directory.Packages.props", "PackageVersion")
            .ToDictionary(item => item.Attribute("Include")!.Value, item => item.Attribute("Version")!.Value);
        var wanted = projects.SelectMany(project => Items(project, "PackageReference"))
            .Where(item => item.Attribute("PrivateAssets") is null)
            .Select(item => item.Attribute("Include")!.Value).Distinct().ToArray();

        Assert.NotEmpty(wanted);
        Assert.All(wanted, name => Assert.Equal(central[name], Dependencies(id).GetValueOrDefault(name)));
    }

    [Theory]
    [InlineData("RedisInfer.Documents")]
    [InlineData("RedisInfer.Garnet")]
    [InlineData("RedisInfer.LLamaSharp")]
    [InlineData("RedisInfer.Orleans")]
    public void OtherPackageDependsOnRedisInferOfItsOwnVersion(string id) =>
        Assert.Equal(feed.Version, Dependencies(id).GetValueOrDefault("RedisInfer"));

    [Fact]
    public void GarnetLiftsEveryPackageThatIsPinnedForIt()
    {
        // A consumer does not have our central versions. Without these dependencies, it would get the old versions that Garnet asks for.
        var pinned = XDocument.Load(Path.Combine(PackedFeed.RepositoryRoot, "Directory.Packages.props")).Descendants("ItemGroup")
            .Single(group => group.Attribute("Label")?.Value == "RedisInfer.Garnet").Elements("PackageVersion").ToArray();
        var dependencies = Dependencies("RedisInfer.Garnet");

        Assert.All(pinned, item => Assert.Equal(
            item.Attribute("Version")!.Value, dependencies.GetValueOrDefault(item.Attribute("Include")!.Value)));
    }

    [Fact]
    public void HostOfLLamaSharpAloneGetsNoLibrariesOfRedisInfer()
    {
        using var package = feed.Open("RedisInfer.LLamaSharp");
        using var nuspec = package.GetEntry("RedisInfer.LLamaSharp.nuspec")!.Open();
        var dependency = XDocument.Load(nuspec).Descendants().Single(element => element.Attribute("id")?.Value == "RedisInfer");

        Assert.Contains("Native", dependency.Attribute("exclude")!.Value.Split(','));
    }

    // Of the portable PDB format.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static string Sha256(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream));
    }

    private static IEnumerable<XElement> Items(string file, string name) =>
        XDocument.Load(Path.Combine(PackedFeed.RepositoryRoot, file)).Descendants(name);

    /// <summary>The sorted files of a package, without those that NuGet adds.</summary>
    private string[] Files(string id)
    {
        using var package = feed.Open(id);
        return package.Entries.Select(entry => entry.FullName)
            .Where(name => name is not "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal)
                && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToArray();
    }

    private Dictionary<string, string> Dependencies(string id)
    {
        using var package = feed.Open(id);
        using var nuspec = package.GetEntry(id + ".nuspec")!.Open();
        return XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
    }
}
