using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Loads a model from its file: reads the header, checks it, loads the weights and reads the model's properties.</summary>
internal static unsafe class LlamaModelLoader
{
    private const int MaxParts = 10_000;
    private const string SentencePiece = "llama";

    internal static LlamaModel Load(
        LlamaLibrary library, ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        GgufHeader header = GgufReader.Read(options.Path);
        ModelGuard.Check(header, options.Path);
        List<(string Path, GgufHeader Header)> parts = ReadParts(options.Path, header);
        string fingerprint = ModelFingerprint.OfModel(parts, $"llama.cpp v{library.Version}", cancellationToken);

        if (options.GpuLayers > 0 && LlamaNative.llama_supports_gpu_offload() == 0)
        {
            LlamaLog.Logger.LogWarning(
                "GpuLayers is {GpuLayers}, but the llama.cpp build in '{Folder}' supports no GPU. Everything is computed on the CPU.",
                options.GpuLayers,
                library.Folder);
        }

        var handle = new LlamaModelHandle();
        try
        {
            LoadWeights(handle, header, options, vocabularyOnly: false, progress, cancellationToken);
            ModelInfo info = LlamaModelDescription.Describe(handle, header, options.Path, fingerprint);
            int? rankOutput = RankHead.FindScore(handle, header, options.Path, parts);
            return new LlamaModel(handle, header, info with { CanRank = rankOutput is not null }, rankOutput);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Loads the vocabulary alone.</summary>
    internal static LoadedTokenizer LoadTokenizer(LlamaLibrary library, ModelOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(library); // llama.cpp is open
        GgufHeader header = GgufReader.Read(options.Path);
        ModelGuard.Check(header, options.Path);
        var handle = new LlamaModelHandle();
        try
        {
            LoadWeights(handle, header, options, vocabularyOnly: true, progress: null, cancellationToken);
            int size = LlamaModelDescription.VocabularySize(handle, options.Path);
            return new LoadedTokenizer(
                new LlamaTokenizer(handle, size, ModelFingerprint.OfTokenizer(header)),
                LlamaModelDescription.CanGenerate(handle, header) ? LlamaModelDescription.ChatFormatOf(handle, options.Path) : null,
                handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    internal static MemoryEstimate EstimateMemory(string path, ContextOptions context)
    {
        GgufHeader header = GgufReader.Read(path);
        ModelGuard.Check(header, path);
        return new MemoryEstimate(
            ReadParts(path, header).Sum(part => new FileInfo(part.Path).Length),
            context.Embeddings || ArchitectureFacts.NotCausal.Contains(header.Architecture) ? 0 : KvCacheSize.Estimate(header, context),
            KvCacheSize.EstimateScores(header, context, LlamaContextFactory.MicroBatchSize) + RankHead.EstimateLogits(header, context));
    }

    private static void LoadWeights(
        LlamaModelHandle handle,
        GgufHeader header,
        ModelOptions options,
        bool vocabularyOnly,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        var load = new LoadProgress(progress, cancellationToken);
        GCHandle callbackData = GCHandle.Alloc(load);
        try
        {
            llama_model_params parameters = LlamaNative.llama_model_default_params();
            parameters.n_gpu_layers = options.GpuLayers;
            parameters.vocab_only = vocabularyOnly ? (byte)1 : (byte)0;
            parameters.progress_callback = &LoadProgress.Callback;
            parameters.progress_callback_user_data = (void*)GCHandle.ToIntPtr(callbackData);

            // Even without layers on it, a GPU would compute large batches. An empty list of devices prevents that.
            nint noDevices = 0;
            if (options.GpuLayers == 0)
            {
                parameters.devices = &noDevices;
            }

            // A text model's texts are pieces of a prompt. A space before each would be a text of its own.
            llama_model_kv_override* overrides = stackalloc llama_model_kv_override[2];
            new Span<byte>(overrides, 2 * sizeof(llama_model_kv_override)).Clear();
            overrides->tag = LlamaConstants.LLAMA_KV_OVERRIDE_TYPE_BOOL;
            "tokenizer.ggml.add_space_prefix"u8.CopyTo(
                new Span<byte>((byte*)overrides + llama_model_kv_override.KeyOffset, llama_model_kv_override.KeyBytes));
            if (header.GetText("tokenizer.ggml.model") == SentencePiece && LlamaModelDescription.PoolingOf(header) == EmbeddingPooling.None)
            {
                parameters.kv_overrides = (nint)overrides;
            }

            LlamaLog.StartCapture();
            fixed (byte* path = Encoding.UTF8.GetBytes(options.Path + "\0"))
            {
                handle.Initialize(LlamaNative.llama_model_load_from_file(path, parameters));
            }
        }
        finally
        {
            callbackData.Free();
        }

        string log = LlamaLog.EndCapture();
        if (!handle.IsInvalid)
        {
            return;
        }

        if (load.Failure is { } failure)
        {
            throw new InvalidOperationException("The progress receiver threw an exception, so the load was stopped.", failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw LlamaErrors.LoadFailed(options.Path, header.Architecture, log);
    }

    // Parts of a model in several files are named "<name>-00001-of-00005.gguf" (llama_split_path). llama.cpp finds them from the first.
    private static List<(string Path, GgufHeader Header)> ReadParts(string path, GgufHeader first)
    {
        List<(string, GgufHeader)> parts = [(path, first)];
        long count = first.GetInteger("split.count") ?? 0;
        if (count <= 1)
        {
            return parts;
        }

        string suffix = $"-00001-of-{count:D5}.gguf";
        if (count > MaxParts || !path.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw GgufErrors.GgufUnusable(
                path, $"it is one of {count} parts, but its name does not end in '{suffix}'. Give the path of the first part");
        }

        for (int i = 2; i <= count; i++)
        {
            string part = $"{path[..^suffix.Length]}-{i:D5}-of-{count:D5}.gguf";
            if (!File.Exists(part))
            {
                throw LlamaErrors.SplitMissing(path, part);
            }

            parts.Add((part, GgufReader.Read(part)));
        }

        return parts;
    }
}
