using System.Numerics.Tensors;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using RedisInfer.EmbeddingModel;

namespace RedisInfer.Tests.OnnxReference;

/// <summary>all-MiniLM-L6-v2 in ONNX Runtime, from the weights that the GGUF file was made of. Not thread-safe.</summary>
public sealed class OnnxMiniLm : IDisposable
{
    private static readonly string WeightsFile =
        typeof(OnnxMiniLm).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "WeightsFile").Value!;

    private readonly WordPieces _pieces;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;

    /// <summary>Loads the model.</summary>
    /// <param name="threads">Compute threads.</param>
    public OnnxMiniLm(int threads)
    {
        using var resources = new AssemblyResources(WeightsFile);
        using var vocabulary = new StreamReader(resources.Open("vocab.txt"));
        _pieces = new WordPieces([.. vocabulary.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'))]);
        using var weights = new MemoryStream();
        using (Stream resource = resources.Open("model.onnx"))
            resource.CopyTo(weights);
        _options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(weights.ToArray(), _options);
    }

    /// <summary>Whether the package with the weights is on this machine.</summary>
    public static bool IsAvailable => File.Exists(WeightsFile);

    /// <summary>Embeds texts in one batch, padded to the longest.</summary>
    /// <returns>One unit vector per text: the mean of its tokens.</returns>
    public float[][] Embed(IReadOnlyList<string> texts)
    {
        long[][] tokens = [.. texts.Select(_pieces.Encode)];
        int length = tokens.Max(text => text.Length);
        long[] ids = new long[tokens.Length * length];
        long[] mask = new long[ids.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i].CopyTo(ids, i * length);
            Array.Fill(mask, 1, i * length, tokens[i].Length);
        }

        long[] shape = [tokens.Length, length];
        using OrtValue idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using OrtValue typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(
            run,
            new Dictionary<string, OrtValue> { ["input_ids"] = idValue, ["attention_mask"] = maskValue, ["token_type_ids"] = typeValue },
            [_session.OutputNames[0]]);
        ReadOnlySpan<float> states = outputs[0].GetTensorDataAsSpan<float>();
        int width = states.Length / ids.Length;
        float[][] vectors = new float[tokens.Length][];
        for (int i = 0; i < tokens.Length; i++)
        {
            vectors[i] = new float[width];
            for (int row = 0; row < tokens[i].Length; row++)
                TensorPrimitives.Add(vectors[i], states.Slice(((i * length) + row) * width, width), vectors[i]);
            TensorPrimitives.Divide(vectors[i], TensorPrimitives.Norm<float>(vectors[i]), vectors[i]);
        }

        return vectors;
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
