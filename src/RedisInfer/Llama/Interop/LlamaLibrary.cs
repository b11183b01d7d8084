using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// llama.cpp, opened once per process and never closed, because other threads may be executing in it. Opening is lazy. It may be tried
/// again after a failure: a host can add the missing file, or name another folder.
/// </summary>
internal sealed unsafe class LlamaLibrary
{
    private static readonly Lock Gate = new();
    private static LlamaLibrary? _opened;
    private static bool _resolverSet;

    // C++ libraries stay in memory once opened, whatever happens afterwards. The next library opened binds to those of the same name, so
    // libraries of two folders would be mixed. So the same folder may be tried again, but not another one.
    private static string? _triedFolder;

    // Handles during resolution: the resolver is called by the first native calls, before _opened is published.
    private static nint _llama;
    private static nint _ggml;
    private static nint _ggmlBase;

    private static volatile LlamaLogReceiver? _log;

    private LlamaLibrary(string folder, string version)
    {
        Folder = folder;
        Version = version;
    }

    /// <summary>The folder that llama.cpp was loaded from.</summary>
    internal string Folder { get; }

    /// <summary>The version that llama.cpp reports, for example <c>0.4.0</c>.</summary>
    internal string Version { get; }

    /// <summary>Opens llama.cpp, or returns it if it is already open.</summary>
    /// <param name="directory">The folder that the host named, or <see langword="null"/> for that of the package.</param>
    /// <param name="log">Receives llama.cpp's log.</param>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.NativeLibraryMissing"/> or <see cref="Errors.RedisInferErrorCode.NativeAbiMismatch"/>.
    /// </exception>
    internal static LlamaLibrary Open(string? directory, LlamaLogReceiver log)
    {
        _log = log;
        LlamaLibrary? opened = Volatile.Read(ref _opened);
        if (opened is null)
        {
            lock (Gate)
            {
                opened = _opened ?? Open_NeedsLock(directory);
                Volatile.Write(ref _opened, opened);
            }
        }

        if (directory is not null && Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) != opened.Folder)
        {
            throw NativeErrors.OtherDirectory(opened.Folder, directory);
        }

        return opened;
    }

    private static LlamaLibrary Open_NeedsLock(string? directory)
    {
        IReadOnlyList<string> folders = NativeLibraryLocator.SearchPath(directory);
        foreach (string folder in folders)
        {
            if (NativeLibraryLocator.Find(folder, "llama") is { } path)
            {
                return OpenFolder_NeedsLock(Path.TrimEndingDirectorySeparator(folder), path);
            }
        }

        throw NativeErrors.NotFound(folders, directory is not null);
    }

    private static LlamaLibrary OpenFolder_NeedsLock(string folder, string llamaPath)
    {
        if (_triedFolder is not null && _triedFolder != folder)
        {
            throw NativeErrors.OtherDirectory(_triedFolder, folder);
        }

        ProcessEnvironment.Settle();

        // Dependencies first. A build without a search path of its own then finds them by name, because they are already loaded.
        nint ggmlBase = OpenFile(NativeLibraryLocator.Find(folder, "ggml-base"), folder);
        nint ggml = OpenFile(NativeLibraryLocator.Find(folder, "ggml"), folder);
        nint llama = OpenFile(llamaPath, folder);

        string version = VersionOf(llama);
        List<string> differences = LlamaAbi.FindDifferences(llama);
        if (differences.Count > 0)
        {
            throw NativeErrors.OtherAbi(llamaPath, version, differences);
        }

        _llama = llama;
        _ggml = ggml != 0 ? ggml : llama;
        _ggmlBase = ggmlBase != 0 ? ggmlBase : _ggml;
        if (!_resolverSet)
        {
            NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);
            _resolverSet = true;
        }

        SetLog();
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + "\0"))
        {
            GgmlNative.ggml_backend_load_all_from_path(path);
        }

        if (GgmlNative.ggml_backend_dev_count() == 0)
        {
            throw NativeErrors.NoBackend(folder);
        }

        LlamaNative.llama_backend_init();
        return new LlamaLibrary(folder, version);
    }

    /// <summary>Makes llama.cpp log to the receiver. Must be the first call into llama.cpp, which logs to stderr until then.</summary>
    internal static void SetLog() => LlamaNative.llama_log_set(&OnLog, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, void* userData) =>
        _log?.Invoke(level, Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)));

    private static string VersionOf(nint llama) =>
        NativeLibrary.TryGetExport(llama, "llama_version", out nint export)
            ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)export)()) ?? "unknown"
            : "unknown";

    private static nint OpenFile(string? path, string folder)
    {
        if (path is null)
        {
            return 0;
        }

        try
        {
            nint library = NativeLibrary.Load(path);
            _triedFolder = folder;
            return library;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw NativeErrors.NotOpened(path, exception);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        LlamaNative.Library => _llama,
        GgmlNative.Library => _ggml,
        GgmlNative.BaseLibrary => _ggmlBase,
        _ => 0,
    };
}
