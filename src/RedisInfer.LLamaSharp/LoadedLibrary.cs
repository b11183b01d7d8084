using System.Diagnostics;
using System.Runtime.InteropServices;
using LLama.Native;

namespace RedisInfer.LLamaSharp;

/// <summary>
/// The functions of the llama.cpp that LLamaSharp has loaded which LLamaSharp does not offer as they are needed here. Its decode allocates a
/// batch for each call and holds one lock for the process; tokenizing copies twice; threads cannot be kept. Structs are LLamaSharp's own, or
/// have never changed (<c>ggml_threadpool_params</c>).
/// </summary>
internal sealed unsafe class LoadedLibrary
{
    private LoadedLibrary(string path, nint llama, nint cpu)
    {
        Path = path;
        Decode = (delegate* unmanaged[Cdecl]<nint, LLamaNativeBatch, int>)Get("llama_decode");
        GetLogits = (delegate* unmanaged[Cdecl]<nint, int, float*>)Get("llama_get_logits_ith");
        GetEmbedding = (delegate* unmanaged[Cdecl]<nint, int, float*>)Get("llama_get_embeddings_seq");
        Synchronize = (delegate* unmanaged[Cdecl]<nint, void>)Get("llama_synchronize");
        GetMemory = (delegate* unmanaged[Cdecl]<nint, nint>)Get("llama_get_memory");
        AttachThreads = (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)Get("llama_attach_threadpool");
        GetVocabulary = (delegate* unmanaged[Cdecl]<nint, nint>)Get("llama_model_get_vocab");
        IsHybrid = (delegate* unmanaged[Cdecl]<nint, byte>)Get("llama_model_is_hybrid");
        GetEmbeddingLength = (delegate* unmanaged[Cdecl]<nint, int>)Get("llama_model_n_embd_out");
        Tokenize = (delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int>)Get("llama_tokenize");
        GetText = (delegate* unmanaged[Cdecl]<nint, int, byte*>)Get("llama_vocab_get_text");
        GetTemplate = (delegate* unmanaged[Cdecl]<nint, byte*, byte*>)Get("llama_model_chat_template");
        GetClassCount = (delegate* unmanaged[Cdecl]<nint, uint>)Get("llama_model_n_cls_out");
        GetClassLabel = (delegate* unmanaged[Cdecl]<nint, uint, byte*>)Get("llama_model_cls_label");
        AddsSeparator = (delegate* unmanaged[Cdecl]<nint, byte>)Get("llama_vocab_get_add_sep");
        NewThreads = cpu != 0 && NativeLibrary.TryGetExport(cpu, "ggml_threadpool_new", out nint create) ? create : 0;
        FreeThreads = cpu != 0 && NativeLibrary.TryGetExport(cpu, "ggml_threadpool_free", out nint free) ? free : 0;

        nint Get(string name) => NativeLibrary.TryGetExport(llama, name, out nint export) ? export : throw LLamaSharpErrors.LacksFunction(path, name);
    }

    /// <summary>The file of llama.cpp.</summary>
    internal string Path { get; }

    /// <summary><c>ggml_threadpool_new</c> of the CPU backend; 0 if it is not found.</summary>
    internal nint NewThreads { get; }

    /// <summary><c>ggml_threadpool_free</c> of the CPU backend; 0 if it is not found.</summary>
    internal nint FreeThreads { get; }

    internal delegate* unmanaged[Cdecl]<nint, LLamaNativeBatch, int> Decode { get; }

    internal delegate* unmanaged[Cdecl]<nint, int, float*> GetLogits { get; }

    internal delegate* unmanaged[Cdecl]<nint, int, float*> GetEmbedding { get; }

    internal delegate* unmanaged[Cdecl]<nint, void> Synchronize { get; }

    internal delegate* unmanaged[Cdecl]<nint, nint> GetMemory { get; }

    internal delegate* unmanaged[Cdecl]<nint, nint, nint, void> AttachThreads { get; }

    internal delegate* unmanaged[Cdecl]<nint, nint> GetVocabulary { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte> IsHybrid { get; }

    internal delegate* unmanaged[Cdecl]<nint, int> GetEmbeddingLength { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int> Tokenize { get; }

    internal delegate* unmanaged[Cdecl]<nint, int, byte*> GetText { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte*, byte*> GetTemplate { get; }

    internal delegate* unmanaged[Cdecl]<nint, byte> AddsSeparator { get; }

    internal delegate* unmanaged[Cdecl]<nint, uint> GetClassCount { get; }

    internal delegate* unmanaged[Cdecl]<nint, uint, byte*> GetClassLabel { get; }

    /// <summary>Finds what LLamaSharp has loaded, among the modules of the process. It is not loaded a second time.</summary>
    internal static LoadedLibrary Find()
    {
        string[] files = [.. Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(module => module.FileName).Distinct()];
        string path = files.FirstOrDefault(file => IsNamed(file, "llama") && Exports(file, "llama_decode"))
            ?? files.FirstOrDefault(file => System.IO.Path.GetFileName(file).Contains("llama", StringComparison.OrdinalIgnoreCase) && Exports(file, "llama_decode"))
            ?? throw LLamaSharpErrors.NotAmongModules(files);
        string? cpu = files.FirstOrDefault(file => IsNamed(file, "ggml-cpu"));
        return new LoadedLibrary(path, NativeLibrary.Load(path), cpu is null ? 0 : NativeLibrary.Load(cpu));
    }

    private static bool IsNamed(string file, string name)
    {
        string stem = System.IO.Path.GetFileNameWithoutExtension(file);
        return stem == name || stem == "lib" + name;
    }

    // A file that is loaded already is not loaded again: the system returns the module that it has.
    private static bool Exports(string file, string function) =>
        NativeLibrary.TryLoad(file, out nint module) && NativeLibrary.TryGetExport(module, function, out _);
}
