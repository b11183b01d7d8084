using System.Text.Json;

namespace RedisInfer.Tests.Package;

/// <summary>
/// A new console project outside the repository that references the packages by name and version, as a user's project does.
/// Its package cache starts empty, except for other packages that the machine already holds.
/// </summary>
public sealed class ConsumerProject
{
    private readonly PackedFeed _feed;
    private readonly string _folder;
    private readonly ConsumerKind _kind;
    private readonly Dictionary<string, string> _environment;

    /// <summary>Writes the project.</summary>
    /// <param name="feed">The feed with the packages.</param>
    /// <param name="kind">What the project is.</param>
    /// <param name="name">The name of the project's folder, unique for each test.</param>
    public ConsumerProject(PackedFeed feed, ConsumerKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _feed = feed;
        _kind = kind;
        _folder = Directory.CreateDirectory(Path.Combine(feed.WorkFolder, name)).FullName;
        _environment = new() { ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages") };

        foreach (string source in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, kind.ToString()), "*.cs"))
        {
            File.Copy(source, Path.Combine(_folder, Path.GetFileName(source)));
        }

        File.WriteAllText(Path.Combine(_folder, "nuget.config"), NuGetConfig());
        File.WriteAllText(Path.Combine(_folder, "Consumer.csproj"), Project());
    }

    /// <summary>Builds for any platform, and returns the program's folder.</summary>
    public async Task<string> BuildAsync()
    {
        var output = Path.Combine(_folder, "built");
        await DotNet.RunAsync(_folder, _environment, "build", "--output", output);
        return output;
    }

    /// <summary>Publishes native code for this platform, and returns the path of the program.</summary>
    /// <remarks>Warnings are errors, those of the trimmer and the native compiler too.</remarks>
    public async Task<string> PublishNativeAsync(string rid)
    {
        var output = Path.Combine(_folder, "native-" + rid);
        await DotNet.RunAsync(_folder, _environment, "publish", "--runtime", rid, "--output", output);
        return Path.Combine(output, OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer");
    }

    /// <summary>Publishes for one platform, and returns the program's folder.</summary>
    public async Task<string> PublishAsync(string rid, params string[] options)
    {
        var output = Path.Combine(_folder, "published-" + rid);
        await DotNet.RunAsync(
            _folder, _environment, ["publish", "--runtime", rid, "--self-contained", "false", "--output", output, .. options]);
        return output;
    }

    /// <summary>Runs the program in <paramref name="programFolder"/>, and returns its last line, which is JSON.</summary>
    public async Task<JsonElement> RunAsync(string programFolder, params string[] arguments)
    {
        var output = await DotNet.RunAsync(_folder, _environment, [Path.Combine(programFolder, "Consumer.dll"), .. arguments]);
        return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
    }

    private string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            {(_kind == ConsumerKind.NativeConsumer ? "<PublishAot>true</PublishAot><TrimmerSingleWarn>false</TrimmerSingleWarn>" : "")}
          </PropertyGroup>
          <ItemGroup>
            {string.Concat(Packages().Select(package => $"<PackageReference Include=\"{package.Id}\" Version=\"{package.Version}\" />"))}
          </ItemGroup>
        </Project>
        """;

    private IEnumerable<(string Id, string Version)> Packages() =>
    [
        .. Ours().Select(id => (id, _feed.Version)),
        .. Others().Select(id => (id, PackedFeed.VersionOf(id))),
    ];

    private string[] Ours() => _kind == ConsumerKind.NativeConsumer
        ? ["RedisInfer"]
        : ["RedisInfer", "RedisInfer.Documents", "RedisInfer.Garnet"];

    private string[] Others() => _kind switch
    {
        ConsumerKind.NativeConsumer => ["Microsoft.Extensions.DependencyInjection"],
        ConsumerKind.HostConsumer =>
            ["Microsoft.Extensions.AI", "Microsoft.Extensions.Hosting", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Exporter.InMemory"],
        _ => [],
    };

    /// <summary>A configuration with our feed, along with the packages that the machine holds.</summary>
    private string NuGetConfig()
    {
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var fallback = Directory.Exists(machine) ? $"""<add key="machine" value="{machine}" />""" : "";
        return $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{_feed.Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                {fallback}
              </fallbackPackageFolders>
            </configuration>
            """;
    }
}
