using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// Compares an opened llama.cpp with the binary interface that this library was written for. The version string says nothing about that:
/// structs changed between releases without a change of size. So the default parameters that llama.cpp returns are read at our offsets. If
/// every offset holds a well-known value, the fields are where we expect them.
/// </summary>
internal static unsafe class LlamaAbi
{
    /// <summary>Room for any struct that another release might return, so that llama.cpp does not write past it.</summary>
    private const int ProbeBytes = 1024;

    private const byte Untouched = 0xCD;

    /// <summary>Lists the differences.</summary>
    /// <param name="library">Handle of libllama.</param>
    /// <returns>One text per difference; none if the interface is the same.</returns>
    internal static List<string> FindDifferences(nint library)
    {
        var differences = new List<string>();
        foreach (string export in LlamaNative.Exports)
        {
            if (!NativeLibrary.TryGetExport(library, export, out _))
            {
                differences.Add($"{export} is missing");
            }
        }

        if (differences.Count > 0)
        {
            return differences;
        }

        CheckModelParams(Probe<llama_model_params>(library, "llama_model_default_params", differences), differences);
        CheckContextParams(Probe<llama_context_params>(library, "llama_context_default_params", differences), differences);
        CheckBatch(library, differences);
        return differences;
    }

    private static void CheckModelParams(llama_model_params p, List<string> differences)
    {
        Expect(p.devices == null && p.tensor_buft_overrides == 0, "llama_model_params.devices", differences);
        Expect(p.n_gpu_layers == -1, "llama_model_params.n_gpu_layers", differences);
        Expect(p.split_mode == LlamaConstants.LLAMA_SPLIT_MODE_LAYER, "llama_model_params.split_mode", differences);
        Expect(p.load_mode == LlamaConstants.LLAMA_LOAD_MODE_AUTO, "llama_model_params.load_mode", differences);
        Expect(p.lazy_mode == LlamaConstants.LLAMA_LAZY_MODE_AUTO, "llama_model_params.lazy_mode", differences);
        Expect(p.main_gpu == 0 && p.tensor_split == null, "llama_model_params.main_gpu", differences);
        Expect(p.progress_callback == null && p.progress_callback_user_data == null, "llama_model_params.progress_callback", differences);
        Expect(p.kv_overrides == 0, "llama_model_params.kv_overrides", differences);
        Expect(p.vocab_only == 0 && p.check_tensors == 0, "llama_model_params.check_tensors", differences);
        Expect(p.use_extra_bufts == 1, "llama_model_params.use_extra_bufts", differences);
        Expect(p.no_host == 0 && p.no_alloc == 0 && p.load_mtp == 0, "llama_model_params.no_host", differences);
    }

    private static void CheckContextParams(llama_context_params p, List<string> differences)
    {
        Expect(p.n_ctx == 512, "llama_context_params.n_ctx", differences);
        Expect(p.n_batch == 2048, "llama_context_params.n_batch", differences);
        Expect(p.n_ubatch == 512, "llama_context_params.n_ubatch", differences);
        Expect(p.n_seq_max == 1, "llama_context_params.n_seq_max", differences);
        Expect(p.n_rs_seq == 0, "llama_context_params.n_rs_seq", differences);
        Expect(p.n_outputs_max == 0, "llama_context_params.n_outputs_max", differences);
        Expect(p.n_outputs_max_per_seq == 1, "llama_context_params.n_outputs_max_per_seq", differences);
        Expect(p.n_threads == 4 && p.n_threads_batch == 4, "llama_context_params.n_threads", differences);
        Expect(p.ctx_type == 0, "llama_context_params.ctx_type", differences);
        Expect(p.rope_scaling_type == -1, "llama_context_params.rope_scaling_type", differences);
        Expect(p.pooling_type == LlamaConstants.LLAMA_POOLING_TYPE_UNSPECIFIED, "llama_context_params.pooling_type", differences);
        Expect(p.attention_type == -1, "llama_context_params.attention_type", differences);
        Expect(p.flash_attn_type == LlamaConstants.LLAMA_FLASH_ATTN_TYPE_AUTO, "llama_context_params.flash_attn_type", differences);
        Expect(p.rope_freq_base == 0f && p.rope_freq_scale == 0f, "llama_context_params.rope_freq_base", differences);
        Expect(p.yarn_ext_factor == -1f && p.yarn_attn_factor == -1f, "llama_context_params.yarn_ext_factor", differences);
        Expect(p.yarn_beta_fast == -1f && p.yarn_beta_slow == -1f, "llama_context_params.yarn_beta_fast", differences);
        Expect(p.yarn_orig_ctx == 0 && p.defrag_thold == -1f, "llama_context_params.yarn_orig_ctx", differences);
        Expect(p.cb_eval == 0 && p.cb_eval_user_data == null, "llama_context_params.cb_eval", differences);
        Expect(
            p.type_k == LlamaConstants.GGML_TYPE_F16 && p.type_v == LlamaConstants.GGML_TYPE_F16,
            "llama_context_params.type_k",
            differences);
        Expect(p.abort_callback == null && p.abort_callback_data == null, "llama_context_params.abort_callback", differences);
        Expect(p.embeddings == 0 && p.offload_kqv == 1 && p.no_perf == 1, "llama_context_params.embeddings", differences);
        Expect(p.op_offload == 1 && p.swa_full == 1 && p.kv_unified == 0, "llama_context_params.kv_unified", differences);
        Expect(p.samplers == 0 && p.n_samplers == 0 && p.ctx_other == 0, "llama_context_params.samplers", differences);
    }

    /// <summary><c>llama_batch_get_one</c> fills a batch from two arguments and leaves the rest empty.</summary>
    private static void CheckBatch(nint library, List<string> differences)
    {
        int token = 7;
        var getOne = (delegate* unmanaged[Cdecl]<int*, int, ProbeBuffer>)NativeLibrary.GetExport(library, "llama_batch_get_one");
        ProbeBuffer buffer = getOne(&token, 3);
        llama_batch batch = *(llama_batch*)&buffer;
        Expect(batch.n_tokens == 3 && batch.token == &token, "llama_batch.token", differences);
        Expect(
            batch.embd == null && batch.pos == null && batch.n_seq_id == null && batch.seq_id == null && batch.logits == null,
            "llama_batch.seq_id",
            differences);
    }

    /// <summary>Calls a function that returns a struct by value, whatever its actual size.</summary>
    private static T Probe<T>(nint library, string function, List<string> differences)
        where T : unmanaged
    {
        nint export = NativeLibrary.GetExport(library, function);
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            ProbeBuffer returned = ((delegate* unmanaged[Cdecl]<ProbeBuffer>)export)();
            return *(T*)&returned;
        }

        // On x64 the address for a large result is the hidden first argument (System V and Windows alike). So the memory for the result
        // can be marked beforehand, which also gives the size of the struct.
        byte* result = stackalloc byte[ProbeBytes];
        new Span<byte>(result, ProbeBytes).Fill(Untouched);
        ((delegate* unmanaged[Cdecl]<byte*, byte*>)export)(result);

        var tail = new ReadOnlySpan<byte>(result + sizeof(T), ProbeBytes - sizeof(T));
        int beyond = tail.LastIndexOfAnyExcept(Untouched);
        Expect(beyond < 0, $"sizeof({typeof(T).Name}) is above {sizeof(T)}", differences);
        Expect(*(ulong*)(result + sizeof(T) - sizeof(ulong)) != 0xCDCDCDCDCDCDCDCD, $"sizeof({typeof(T).Name}) is below {sizeof(T)}", differences);
        return *(T*)result;
    }

    private static void Expect(bool holds, string what, List<string> differences)
    {
        if (!holds)
        {
            differences.Add(what);
        }
    }

    [InlineArray(ProbeBytes)]
    private struct ProbeBuffer
    {
        private byte _first;
    }
}
