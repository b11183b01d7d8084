using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Loads a model from its file: reads the header, checks it, loads the weights and reads the model's properties.</summary>
internal static class LlamaModelLoader
{
    private const int MaxParts = 10_000;
    private const string SentencePiece = "llama";

    internal static LlamaModel Load(
        ILlamaBinding binding, LlamaBuild build, ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        GgufHeader header = GgufReader.Read(options.Path);
        ModelGuard.Check(header, options.Path);
        List<(string Path, GgufHeader Header)> parts = ReadParts(options.Path, header);
        string fingerprint = ModelFingerprint.OfModel(parts, build.Name, cancellationToken);

        if (options.GpuLayers > 0 && !build.SupportsGpu)
        {
            LlamaLog.Logger.LogWarning(
                new EventId(601, "LogNoGpu"),
                "GpuLayers is {GpuLayers}, but the llama.cpp build in '{Location}' supports no GPU. Everything is computed on the CPU.",
                options.GpuLayers,
                build.Location);
        }

        BoundModel handle = LoadWeights(binding, header, options, vocabularyOnly: false, progress, cancellationToken);
        try
        {
            ModelFacts facts = LlamaModelDescription.ReadFacts(handle, options.Path);
            ModelInfo info = LlamaModelDescription.Describe(handle, facts, header, binding.EngineName, options.Path, fingerprint);
            int? rankOutput = RankHead.FindScore(handle, facts, header, options.Path, parts);
            return new LlamaModel(build, handle, header, facts, info with { CanRank = rankOutput is not null }, rankOutput);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Loads the vocabulary alone.</summary>
    internal static LoadedTokenizer LoadTokenizer(ILlamaBinding binding, ModelOptions options, CancellationToken cancellationToken)
    {
        GgufHeader header = GgufReader.Read(options.Path);
        ModelGuard.Check(header, options.Path);
        BoundModel handle = LoadWeights(binding, header, options, vocabularyOnly: true, progress: null, cancellationToken);
        try
        {
            ModelFacts facts = LlamaModelDescription.ReadFacts(handle, options.Path);
            return new LoadedTokenizer(
                new LlamaTokenizer(handle, facts, ModelFingerprint.OfTokenizer(header)),
                LlamaModelDescription.CanGenerate(facts, header) ? LlamaModelDescription.ChatFormatOf(handle, facts, options.Path) : null,
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

    private static BoundModel LoadWeights(
        ILlamaBinding binding,
        GgufHeader header,
        ModelOptions options,
        bool vocabularyOnly,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        var load = new LoadProgress(progress, cancellationToken);
        LlamaLog.StartCapture();
        BoundModel? model = binding.LoadModel(options.Path, new ModelLoadSettings
        {
            GpuLayers = options.GpuLayers,
            VocabularyOnly = vocabularyOnly,

            // A text model's texts are pieces of a prompt. A space before each would be a text of its own.
            WithoutSpacePrefix = header.GetText("tokenizer.ggml.model") == SentencePiece
                && LlamaModelDescription.PoolingOf(header) == EmbeddingPooling.None,
            Continue = load.Continue,
        });
        string log = LlamaLog.EndCapture();
        if (model is not null)
        {
            return model;
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
