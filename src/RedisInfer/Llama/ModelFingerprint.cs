using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>Computes the identities of the content of a model file.</summary>
internal static class ModelFingerprint
{
    /// <summary>
    /// Up to this size all weights are hashed (well under a second from a disk cache). Hashing a larger file whole would cost seconds at
    /// every start. So only the two ends of each tensor are hashed: training, merging and quantizing change whole tensors. This is no
    /// defense against a file that is forged on purpose: its author could change this library as well.
    /// </summary>
    internal const long MaxWholeBytes = 64L * 1024 * 1024;

    /// <summary>Bytes hashed at each end of a tensor of a larger file.</summary>
    internal const int SampleBytes = 4 * 1024;

    /// <summary>Identity of weights, vocabulary and engine release.</summary>
    /// <param name="parts">The files of the model with their headers, in order.</param>
    /// <param name="engine">Name and release of the engine.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>32 hexadecimal digits.</returns>
    internal static string OfModel(IReadOnlyList<(string Path, GgufHeader Header)> parts, string engine, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(engine));
        byte[] buffer = new byte[64 * 1024];
        foreach ((string path, GgufHeader header) in parts)
        {
            AppendInteger(hash, header.Hash);
            AppendInteger(hash, (UInt128)header.FileBytes);
            using FileStream stream = GgufReader.Open(path);
            if (header.FileBytes <= MaxWholeBytes)
            {
                AppendRange(hash, stream, header.DataOffset, header.FileBytes, buffer, cancellationToken);
                continue;
            }

            long[] starts = header.Tensors.Select(t => header.DataOffset + (long)t.Offset).Append(header.FileBytes).Order().ToArray();
            for (int i = 0; i + 1 < starts.Length; i++)
            {
                AppendRange(hash, stream, starts[i], Math.Min(starts[i] + SampleBytes, starts[i + 1]), buffer, cancellationToken);
                AppendRange(hash, stream, Math.Max(starts[i], starts[i + 1] - SampleBytes), starts[i + 1], buffer, cancellationToken);
            }
        }

        return Format(hash.GetCurrentHashAsUInt128());
    }

    /// <summary>Identity of a vocabulary: everything under <c>tokenizer.</c> except the chat templates.</summary>
    /// <param name="header">The model's header.</param>
    /// <returns>32 hexadecimal digits.</returns>
    internal static string OfTokenizer(GgufHeader header)
    {
        var hash = new XxHash128();
        foreach ((string key, GgufValue value) in header.Metadata.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (key.StartsWith("tokenizer.", StringComparison.Ordinal)
                && !key.StartsWith("tokenizer.chat_template", StringComparison.Ordinal))
            {
                hash.Append(Encoding.UTF8.GetBytes(key));
                AppendInteger(hash, (uint)value.Type);
                AppendInteger(hash, value.Hash);
            }
        }

        return Format(hash.GetCurrentHashAsUInt128());
    }

    /// <summary>Identity of a vocabulary whose texts are tokenized by other rules than before.</summary>
    internal static string OfTexts(string tokenizer, string rules) => Format(XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(tokenizer + rules)));

    private static void AppendRange(
        XxHash128 hash, FileStream stream, long start, long end, byte[] buffer, CancellationToken cancellationToken)
    {
        stream.Position = Math.Min(start, stream.Length);
        while (start < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, end - start));
            if (read == 0)
            {
                return;
            }

            hash.Append(buffer.AsSpan(0, read));
            start += read;
        }
    }

    private static void AppendInteger(XxHash128 hash, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        hash.Append(bytes);
    }

    private static string Format(UInt128 value) => value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
