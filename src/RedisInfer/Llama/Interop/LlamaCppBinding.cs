using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>llama.cpp by our own declarations: the libraries of the package, or of another folder.</summary>
/// <param name="directory">The folder that the host named; <see langword="null"/> for that of the package.</param>
internal sealed unsafe class LlamaCppBinding(string? directory) : ILlamaBinding
{
    public string EngineName => "llama.cpp";

    public LlamaBuild Open(LlamaLogReceiver log)
    {
        LlamaLibrary library = LlamaLibrary.Open(directory, log);
        return new LlamaBuild
        {
            Name = $"{EngineName} v{library.Version}",
            Location = library.Folder,
            SupportsGpu = LlamaNative.llama_supports_gpu_offload() != 0,
            MaxSequences = (int)LlamaNative.llama_max_parallel_sequences(),
        };
    }

    public BoundModel? LoadModel(string path, ModelLoadSettings settings)
    {
        GCHandle callbackData = GCHandle.Alloc(settings.Continue);
        try
        {
            llama_model_params parameters = LlamaNative.llama_model_default_params();
            parameters.n_gpu_layers = settings.GpuLayers;
            parameters.vocab_only = settings.VocabularyOnly ? (byte)1 : (byte)0;
            parameters.progress_callback = &OnProgress;
            parameters.progress_callback_user_data = (void*)GCHandle.ToIntPtr(callbackData);

            // Even without layers on it, a GPU would compute large batches. An empty list of devices prevents that.
            nint noDevices = 0;
            if (settings.GpuLayers == 0)
            {
                parameters.devices = &noDevices;
            }

            llama_model_kv_override* overrides = stackalloc llama_model_kv_override[2];
            new Span<byte>(overrides, 2 * sizeof(llama_model_kv_override)).Clear();
            overrides->tag = LlamaConstants.LLAMA_KV_OVERRIDE_TYPE_BOOL;
            "tokenizer.ggml.add_space_prefix"u8.CopyTo(
                new Span<byte>((byte*)overrides + llama_model_kv_override.KeyOffset, llama_model_kv_override.KeyBytes));
            if (settings.WithoutSpacePrefix)
            {
                parameters.kv_overrides = (nint)overrides;
            }

            fixed (byte* file = Encoding.UTF8.GetBytes(path + "\0"))
            {
                nint model = LlamaNative.llama_model_load_from_file(file, parameters);
                return model == 0 ? null : new LlamaModelHandle(model);
            }
        }
        finally
        {
            callbackData.Free();
        }
    }

    /// <summary><c>llama_progress_callback</c>: 0 stops the load.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float share, void* data) =>
        GCHandle.FromIntPtr((nint)data).Target is Func<float, bool> mayContinue && mayContinue(share) ? (byte)1 : (byte)0;
}
