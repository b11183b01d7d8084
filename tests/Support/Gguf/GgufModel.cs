namespace RedisInfer.Tests.Support.Gguf;

/// <summary>A model that can be written any number of times, always with the same bytes.</summary>
public sealed record GgufModel(GgufMetadata Metadata, IReadOnlyList<GgufTensor> Tensors)
{
    public void WriteTo(Stream destination) => GgufWriter.Write(destination, Metadata, Tensors);

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }
}
