using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Takes a model file to a model: header, checks, weights, what it says of itself.</summary>
internal static unsafe class LlamaModelLoader
{
    private const int MaxParts = 10_000;

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
                "{GpuLayers} layers were asked to be on a GPU, but the llama.cpp build in '{Folder}' knows none: everything is computed on the CPU.",
                options.GpuLayers,
                library.Folder);
        }

        var handle = new LlamaModelHandle();
        try
        {
            LoadWeights(handle, header, options, progress, cancellationToken);
            ModelInfo info = LlamaModelDescription.Describe(handle, header, options.Path, fingerprint);
            return new LlamaModel(handle, header, info);
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
            context.Embeddings ? 0 : KvCacheSize.Estimate(header, context),
            KvCacheSize.EstimateScores(header, context, LlamaContextFactory.MicroBatchSize));
    }

    private static void LoadWeights(
        LlamaModelHandle handle, GgufHeader header, ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        var load = new LoadProgress(progress, cancellationToken);
        GCHandle callbackData = GCHandle.Alloc(load);
        try
        {
            llama_model_params parameters = LlamaNative.llama_model_default_params();
            parameters.n_gpu_layers = options.GpuLayers;
            parameters.progress_callback = &LoadProgress.Callback;
            parameters.progress_callback_user_data = (void*)GCHandle.ToIntPtr(callbackData);

            // Without layers on it a GPU would still compute large batches: an empty list of devices keeps it out.
            nint noDevices = 0;
            if (options.GpuLayers == 0)
            {
                parameters.devices = &noDevices;
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
            throw new InvalidOperationException("The receiver of the load's progress threw; the load was stopped.", failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw LlamaErrors.LoadFailed(options.Path, header.Architecture, log);
    }

    // Parts of a model in several files are named "<name>-00001-of-00005.gguf" (llama_split_path); llama.cpp finds them by the first.
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
            throw GgufErrors.GgufUnusable(path, $"it is one of {count} parts and its name does not end in '{suffix}': give the path of the first part");
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
