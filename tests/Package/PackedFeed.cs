using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(RedisInfer.Tests.Package.PackedFeed))]

namespace RedisInfer.Tests.Package;

/// <summary>The packages, packed once for all tests, in a separate feed outside the repository.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>The root folder of the repository.</summary>
    public static string RepositoryRoot { get; } = typeof(PackedFeed).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>A folder outside the repository, deleted at the end.</summary>
    public string WorkFolder { get; } = Directory.CreateTempSubdirectory("redisinfer-package-").FullName;

    /// <summary>The folder with the packages.</summary>
    public string Folder => Path.Combine(WorkFolder, "feed");

    /// <summary>A version that no cache on this machine can already hold.</summary>
    public string Version { get; } = "0.1.0-test." + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => await DotNet.RunAsync(
        RepositoryRoot, new Dictionary<string, string>(), "pack", "--output", Folder, $"-p:Version={Version}", "-v:quiet");

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(WorkFolder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The version of another's package that the repository uses.</summary>
    public static string VersionOf(string id) => XDocument.Load(Path.Combine(RepositoryRoot, "Directory.Packages.props"))
        .Descendants("PackageVersion").Single(package => (string?)package.Attribute("Include") == id)
        .Attribute("Version")!.Value;

    /// <summary>The path of a package.</summary>
    public string PathOf(string id) => Path.Combine(Folder, $"{id}.{Version}.nupkg");

    /// <summary>Opens a package for reading.</summary>
    public ZipArchive Open(string id) => ZipFile.OpenRead(PathOf(id));
}
