using System.Buffers;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A tensor whose values are generated while it is written, so that a model larger than memory can be streamed to a file.
/// <see cref="Shape"/> is in ggml's order, the row length first.
/// </summary>
public sealed class GgufTensor
{
    // Large enough to keep a disk busy, and a whole number of blocks of every type.
    private const int ChunkBlocks = 1 << 15;

    private readonly Action<long, Span<byte>> _fill;
    private readonly long _chunkBytes;

    private GgufTensor(string name, GgufTensorType type, long[] shape, long chunkBytes, Action<long, Span<byte>> fill)
    {
        Name = name;
        Type = type;
        Shape = shape;
        ByteCount = BlockQuantizer.ByteCount(type, shape[0]) * shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        _chunkBytes = chunkBytes;
        _fill = fill;
    }

    public string Name { get; }

    public GgufTensorType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public long ByteCount { get; }

    /// <summary>A tensor of floats, encoded row by row.</summary>
    public static GgufTensor FromRows(string name, GgufTensorType type, long[] shape, Action<long, Span<float>> fillRow)
    {
        int rowLength = checked((int)shape[0]);
        int rowBytes = checked((int)BlockQuantizer.ByteCount(type, rowLength));
        float[] row = new float[rowLength];
        return new GgufTensor(name, type, shape, rowBytes, (offset, destination) =>
        {
            fillRow(offset / rowBytes, row);
            BlockQuantizer.Encode(type, row, destination);
        });
    }

    /// <summary>A tensor of encoded blocks. The filler gets an offset in bytes and room for a whole number of blocks.</summary>
    public static GgufTensor FromBlocks(string name, GgufTensorType type, long[] shape, Action<long, Span<byte>> fillBlocks) =>
        new(name, type, shape, (long)ChunkBlocks * BlockQuantizer.BytesPerBlock(type), fillBlocks);

    public void WriteTo(Stream destination)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(_chunkBytes, ByteCount));
        try
        {
            for (long offset = 0; offset < ByteCount; offset += _chunkBytes)
            {
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(_chunkBytes, ByteCount - offset));
                _fill(offset, chunk);
                destination.Write(chunk);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
