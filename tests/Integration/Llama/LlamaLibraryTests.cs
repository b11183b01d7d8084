using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using RedisInfer.Errors;
using RedisInfer.Llama;
using RedisInfer.Llama.Interop;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>How llama.cpp's libraries are found and opened, and which errors occur if they are not.</summary>
[Collection(LlamaProcessCollection.Name)]
public sealed class LlamaLibraryTests(LlamaUnderTest llama)
{
    private static string NativesFolder =>
        Path.Combine(AppContext.BaseDirectory, "runtimes", NativePlatform.RuntimeIdentifier, "native");

    [Fact]
    public void EngineIsNamedAfterTheReleaseItFound() => Assert.Matches(@"^llama\.cpp v\d+\.\d+\.\d+", llama.Engine.Name);

    [Fact]
    public void FolderWithoutLibrariesIsNamed()
    {
        using var folder = new TemporaryFolder();

        (string code, string message) = OpenElsewhere(folder.Path);

        Assert.Equal(nameof(RedisInferErrorCode.NativeLibraryMissing), code);
        Assert.Contains(folder.Path, message, StringComparison.Ordinal);
        Assert.Contains("NativeLibraryDirectory", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNoLibraryIsNamedAndTheNextAttemptSucceeds()
    {
        using var folder = new TemporaryFolder();
        string garbage = folder.Write($"{NativePlatform.Prefix}llama{NativePlatform.Extension}", "not a library"u8.ToArray());
        var elsewhere = new Elsewhere();

        (string code, string message) = elsewhere.Open(folder.Path);

        Assert.Equal(nameof(RedisInferErrorCode.NativeLibraryMissing), code);
        Assert.Contains(garbage, message, StringComparison.Ordinal);
        Assert.Equal(llama.Engine.Name, elsewhere.Open(NativesFolder).Message);
    }

    [Fact]
    public void BuildWithAnotherInterfaceIsRefused()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skipping.Because("The test library with another interface is built only for Linux.");
        }

        using var folder = new TemporaryFolder();
        CCompiler.MakeLibrary(Path.Combine(folder.Path, "libllama.so"), "const char * llama_version(void) { return \"9.9.9\"; }");

        (string code, string message) = OpenElsewhere(folder.Path);

        Assert.Equal(nameof(RedisInferErrorCode.NativeAbiMismatch), code);
        Assert.Contains("9.9.9", message, StringComparison.Ordinal);
        Assert.Contains("llama_decode is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibrariesWithoutAComputeBackendAreRefused()
    {
        // Loads the complete libraries first: later libraries of this process bind to the first one loaded under a name.
        _ = llama.Engine.Name;
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(NativesFolder).Where(f => !Path.GetFileName(f).Contains("ggml-cpu", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        (string code, string message) = OpenElsewhere(folder.Path);

        Assert.Equal(nameof(RedisInferErrorCode.NativeLibraryMissing), code);
        Assert.Contains("ggml-cpu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SecondBuildInOneProcessIsRefused()
    {
        _ = llama.Engine.Name;
        using var folder = new TemporaryFolder();

        var thrown = Assert.Throws<RedisInferException>(() => new LlamaEngine(new LlamaOptions { NativeLibraryDirectory = folder.Path }).Name);

        Assert.Equal(RedisInferErrorCode.NativeLibraryMissing, thrown.Code);
        Assert.Contains("a process can hold one build", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(llama.Engine.Name, new LlamaEngine(new LlamaOptions { NativeLibraryDirectory = NativesFolder + Path.DirectorySeparatorChar }).Name);
    }

    [Theory]
    [InlineData("{0}llama.v0.4.0{1}")]
    [InlineData("{0}llama.metal.v0.4.0{1}")]
    [InlineData("{0}llama{1}")]
    [InlineData("{0}llama.v0.5.0{1}")]
    public void LibraryIsFoundWithAndWithoutAVersionInItsName(string pattern)
    {
        using var folder = new TemporaryFolder();
        string name = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, NativePlatform.Prefix, NativePlatform.Extension);
        folder.Write($"{NativePlatform.Prefix}llama-common{NativePlatform.Extension}", []);
        string expected = folder.Write(name, []);

        Assert.Equal(expected, NativeLibraryLocator.Find(folder.Path, "llama"));
    }

    [Fact]
    public void PackagesReleaseGoesBeforeOthers()
    {
        using var folder = new TemporaryFolder();
        folder.Write($"{NativePlatform.Prefix}llama{NativePlatform.Extension}", []);
        string expected = folder.Write($"{NativePlatform.Prefix}llama.v0.4.0{NativePlatform.Extension}", []);

        Assert.Equal(expected, NativeLibraryLocator.Find(folder.Path, "llama"));
    }

    [Fact]
    public void LibrariesAreLookedForBesideTheApplication()
    {
        IReadOnlyList<string> folders = NativeLibraryLocator.SearchPath(null);

        Assert.Equal(NativesFolder, folders[0]);
        Assert.Contains(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), folders);
    }

    [Fact]
    public void NativeCodeSeesAnEnvironmentThatCannotHarmIt()
    {
        if (OperatingSystem.IsWindows())
        {
            Skipping.Because("The test calls the C library of Unix.");
        }

        _ = llama.Engine.Name;

        Assert.Equal("1", Marshal.PtrToStringUTF8(getenv("GGML_NO_BACKTRACE")));
        Assert.Equal(0, getenv("GGML_BACKEND_PATH"));
        Assert.Equal(0, getenv("LLAMA_ATTN_ROT_DISABLE"));
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint getenv(string name);

    private static (string Code, string Message) OpenElsewhere(string folder)
    {
        var elsewhere = new Elsewhere();
        return elsewhere.Open(folder);
    }

    /// <summary>A second copy of this library in the process, which has not opened llama.cpp yet.</summary>
    private sealed class Elsewhere
    {
        private readonly AssemblyLoadContext _context = new("elsewhere", isCollectible: false);
        private readonly Assembly _assembly;

        public Elsewhere() => _assembly = _context.LoadFromAssemblyPath(typeof(LlamaEngine).Assembly.Location);

        /// <summary>Asks an engine for its name. Returns the name, or the code and message of the exception.</summary>
        public (string Code, string Message) Open(string folder)
        {
            LlamaLibrary.Open(null, LlamaLog.Receive);
            object options = Activator.CreateInstance(_assembly.GetType(typeof(LlamaOptions).FullName!)!)!;
            options.GetType().GetProperty(nameof(LlamaOptions.NativeLibraryDirectory))!.SetValue(options, folder);
            object engine = Activator.CreateInstance(
                _assembly.GetType(typeof(LlamaEngine).FullName!)!, BindingFlags.Instance | BindingFlags.NonPublic, binder: null, [options, null], culture: null)!;
            try
            {
                return ("", (string)engine.GetType().GetProperty(nameof(LlamaEngine.Name))!.GetValue(engine)!);
            }
            catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
            {
                return (inner.GetType().GetProperty(nameof(RedisInferException.Code))!.GetValue(inner)!.ToString()!, inner.Message);
            }
            finally
            {
                // The other copy has redirected llama.cpp's log to itself.
                LlamaLibrary.SetLog();
            }
        }
    }
}
