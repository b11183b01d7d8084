namespace RedisInfer.Llama.Interop;

/// <summary>
/// The functions of llama.h that are used here, with their C names, in one file per area of the header. Only this library's own code calls
/// them. Every argument that could end the process is checked before the call.
/// </summary>
internal static unsafe partial class LlamaNative
{
    /// <summary>Name under which <see cref="LlamaLibrary"/> resolves libllama.</summary>
    internal const string Library = "redisinfer-llama";

    /// <summary>All imports. A library that lacks one is refused when it is opened, and not in the middle of a question.</summary>
    internal static ReadOnlySpan<string> Exports => AllExports;

    private static readonly string[] AllExports =
    [
        nameof(llama_version),
        nameof(llama_log_set),
        nameof(llama_backend_init),
        nameof(llama_supports_gpu_offload),
        nameof(llama_max_parallel_sequences),
        nameof(llama_model_default_params),
        nameof(llama_model_load_from_file),
        nameof(llama_model_free),
        nameof(llama_model_get_vocab),
        nameof(llama_model_rope_type),
        nameof(llama_model_n_ctx_train),
        nameof(llama_model_n_embd_out),
        nameof(llama_model_size),
        nameof(llama_model_n_params),
        nameof(llama_model_has_encoder),
        nameof(llama_model_has_decoder),
        nameof(llama_model_is_recurrent),
        nameof(llama_model_is_hybrid),
        nameof(llama_model_is_diffusion),
        nameof(llama_model_cls_label),
        nameof(llama_model_n_cls_out),
        nameof(llama_model_chat_template),
        nameof(llama_context_default_params),
        nameof(llama_init_from_model),
        nameof(llama_free),
        nameof(llama_n_ctx),
        nameof(llama_n_batch),
        nameof(llama_n_ubatch),
        nameof(llama_get_memory),
        nameof(llama_pooling_type),
        nameof(llama_synchronize),
        nameof(llama_attach_threadpool),
        nameof(llama_batch_get_one),
        nameof(llama_decode),
        nameof(llama_get_logits_ith),
        nameof(llama_get_embeddings_seq),
        nameof(llama_memory_clear),
        nameof(llama_memory_seq_rm),
        nameof(llama_memory_seq_cp),
        nameof(llama_memory_seq_add),
        nameof(llama_memory_seq_pos_max),
        nameof(llama_memory_can_shift),
        nameof(llama_state_seq_get_size),
        nameof(llama_state_seq_get_data),
        nameof(llama_state_seq_set_data),
        nameof(llama_vocab_n_tokens),
        nameof(llama_vocab_type),
        nameof(llama_vocab_is_eog),
        nameof(llama_vocab_bos),
        nameof(llama_vocab_eos),
        nameof(llama_vocab_sep),
        nameof(llama_vocab_get_add_sep),
        nameof(llama_vocab_get_text),
        nameof(llama_vocab_get_attr),
        nameof(llama_tokenize),
        nameof(llama_token_to_piece),
        nameof(llama_sampler_chain_default_params),
        nameof(llama_sampler_chain_init),
        nameof(llama_sampler_chain_add),
        nameof(llama_sampler_init_greedy),
        nameof(llama_sampler_init_dist),
        nameof(llama_sampler_init_top_k),
        nameof(llama_sampler_init_top_p),
        nameof(llama_sampler_init_min_p),
        nameof(llama_sampler_init_temp),
        nameof(llama_sampler_init_penalties),
        nameof(llama_sampler_sample),
        nameof(llama_sampler_free),
    ];
}
