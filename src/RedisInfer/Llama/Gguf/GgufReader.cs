using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace RedisInfer.Llama.Gguf;

/// <summary>
/// Reads the header of a GGUF file (layout: gguf.h of llama.cpp) before native code sees the file. Every count and length is compared with
/// what the file can hold, so that a damaged file ends here with an exception.
/// </summary>
internal sealed class GgufReader
{
    /// <summary>Longer strings are hashed and skipped. The chat templates of the largest models take some 20 KB.</summary>
    internal const int MaxKeptTextBytes = 1024 * 1024;

    /// <summary>Integer arrays up to this length are kept: they hold one value per layer.</summary>
    internal const int MaxKeptIntegers = 1024;

    /// <summary>A header larger than this is damaged: the largest vocabularies take some 20 MB.</summary>
    private const long MaxHeaderBytes = 1024L * 1024 * 1024;

    private const int MaxMetadataCount = 100_000;
    private const int MaxTensorCount = 1_000_000;
    private const int MaxNameBytes = 64 * 1024;

    // Of the vocabularies in use, none has a token of more than some hundred bytes. llama.cpp writes the whole text of a token again for each
    // of its characters that it does not know.
    private const int MaxTokenBytes = 2048;
    private const int MaxDimensions = 4;
    private const uint Magic = 0x46554747; // "GGUF", little-endian

    /// <summary>Also the minimum: llama.cpp asserts that tensors start at multiples of it (<c>TENSOR_ALIGNMENT</c>).</summary>
    private const int DefaultAlignment = 32;
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string TokenTypesKey = "tokenizer.ggml.token_type";

    private readonly Stream _stream;
    private readonly string _path;
    private readonly long _fileBytes;
    private readonly XxHash128 _headerHash = new();
    private readonly XxHash128 _valueHash = new();
    private byte[] _buffer = new byte[64 * 1024];
    private long _position;
    private readonly GgufVocabularyScan _vocabulary = new();

    private GgufReader(Stream stream, string path)
    {
        _stream = stream;
        _path = path;
        _fileBytes = stream.Length;
    }

    /// <summary>Reads the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its header.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>.</exception>
    internal static GgufHeader Read(string path)
    {
        using FileStream stream = Open(path);
        return new GgufReader(stream, path).ReadHeader();
    }

    /// <summary>Opens a model file for reading.</summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>.</exception>
    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw GgufErrors.ModelIsDirectory(path);
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 128 * 1024);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw GgufErrors.ModelMissing(path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw GgufErrors.ModelNotReadable(path, exception);
        }
    }

    private GgufHeader ReadHeader()
    {
        if (_fileBytes < sizeof(uint) || ReadUInt32() != Magic)
        {
            throw GgufErrors.NotGguf(_path);
        }

        uint version = ReadUInt32();
        if (version is not (2 or 3))
        {
            throw GgufErrors.GgufVersion(_path, version);
        }

        long tensorCount = ReadCount("number of tensors", MaxTensorCount);
        long metadataCount = ReadCount("number of metadata entries", MaxMetadataCount);

        var metadata = new Dictionary<string, GgufValue>(StringComparer.Ordinal);
        for (long i = 0; i < metadataCount; i++)
        {
            string key = ReadText(MaxNameBytes, "metadata key")!;
            if (!metadata.TryAdd(key, ReadValue(key)))
            {
                throw GgufErrors.GgufDamaged(_path, $"the metadata key '{key}' occurs twice");
            }
        }

        var tensors = new List<GgufTensor>();
        for (long i = 0; i < tensorCount; i++)
        {
            tensors.Add(ReadTensor());
        }

        long alignment = metadata.GetValueOrDefault("general.alignment")?.Integer ?? DefaultAlignment;
        if (alignment < DefaultAlignment || alignment > MaxHeaderBytes || (alignment & (alignment - 1)) != 0)
        {
            throw GgufErrors.GgufDamaged(_path, $"general.alignment is {alignment}");
        }

        return new GgufHeader
        {
            Metadata = metadata,
            Tensors = tensors,
            Vocabulary = _vocabulary,
            Hash = _headerHash.GetCurrentHashAsUInt128(),
            DataOffset = (_position + alignment - 1) / alignment * alignment,
            FileBytes = _fileBytes,
        };
    }

    private GgufTensor ReadTensor()
    {
        string name = ReadText(MaxNameBytes, "tensor name")!;
        uint dimensions = ReadUInt32();
        if (dimensions > MaxDimensions)
        {
            throw GgufErrors.GgufDamaged(_path, $"the tensor '{name}' has {dimensions} dimensions");
        }

        long[] shape = new long[dimensions];
        for (int d = 0; d < shape.Length; d++)
        {
            shape[d] = (long)Math.Min(ReadUInt64(), long.MaxValue);
        }

        return new GgufTensor(name, shape, ReadUInt32(), ReadUInt64());
    }

    private GgufValue ReadValue(string key)
    {
        var type = (GgufType)ReadUInt32();
        _valueHash.Reset();
        if (type == GgufType.Array)
        {
            return ReadArray(key);
        }

        long? integer = null;
        double? number = null;
        string? text = null;
        switch (type)
        {
            case GgufType.String:
                text = ReadText(MaxHeaderBytes, key);
                break;
            case GgufType.Float32:
                number = BitConverter.UInt32BitsToSingle(ReadUInt32());
                break;
            case GgufType.Float64:
                number = BitConverter.UInt64BitsToDouble(ReadUInt64());
                break;
            default:
                integer = ToInteger(type, Take(SizeOf(type, key)));
                break;
        }

        return new GgufValue(type, type, 1, integer, number, text, null, _valueHash.GetCurrentHashAsUInt128());
    }

    private GgufValue ReadArray(string key)
    {
        var elementType = (GgufType)ReadUInt32();
        ulong claimed = ReadUInt64();
        if (elementType == GgufType.Array)
        {
            throw GgufErrors.GgufDamaged(_path, $"'{key}' is an array of arrays");
        }

        int elementBytes = elementType == GgufType.String ? sizeof(ulong) : SizeOf(elementType, key);
        if (claimed > (ulong)((_fileBytes - _position) / elementBytes))
        {
            throw GgufErrors.GgufTruncated(_path, $"'{key}' declares {claimed} elements");
        }

        long count = (long)claimed;
        long[]? integers = null;
        if (elementType == GgufType.String)
        {
            ReadTexts(key, count);
        }
        else if (key == TokenTypesKey && elementType == GgufType.Int32)
        {
            for (long i = 0; i < count; i++)
            {
                _vocabulary.AddType(BinaryPrimitives.ReadInt32LittleEndian(Take(elementBytes)));
            }
        }
        else if (count <= MaxKeptIntegers && elementType is not (GgufType.Float32 or GgufType.Float64))
        {
            integers = new long[count];
            for (long i = 0; i < count; i++)
            {
                integers[i] = ToInteger(elementType, Take(elementBytes));
            }
        }
        else
        {
            Skip(count * elementBytes);
        }

        return new GgufValue(GgufType.Array, elementType, count, null, null, null, integers, _valueHash.GetCurrentHashAsUInt128());
    }

    private void ReadTexts(string key, long count)
    {
        int maxBytes = key == TokensKey ? MaxTokenBytes : MaxNameBytes;
        for (long i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> text = TakeText(maxBytes, key);
            if (key == TokensKey)
            {
                _vocabulary.AddToken(text);
            }
        }
    }

    private string? ReadText(long maxBytes, string what)
    {
        long bytes = ReadLength(maxBytes, what);
        if (bytes > MaxKeptTextBytes)
        {
            Skip(bytes);
            return null;
        }

        return Encoding.UTF8.GetString(Take((int)bytes));
    }

    private ReadOnlySpan<byte> TakeText(long maxBytes, string what) => Take((int)ReadLength(maxBytes, what));

    private long ReadLength(long maxBytes, string what)
    {
        ulong bytes = ReadUInt64();
        if (bytes > (ulong)(_fileBytes - _position))
        {
            throw GgufErrors.GgufTruncated(_path, $"'{what}' declares {bytes} bytes");
        }

        if (bytes > (ulong)maxBytes)
        {
            throw GgufErrors.GgufDamaged(_path, $"'{what}' declares {bytes} bytes, more than {maxBytes}");
        }

        return (long)bytes;
    }

    private long ReadCount(string what, long max)
    {
        ulong count = ReadUInt64();
        return count <= (ulong)max ? (long)count : throw GgufErrors.GgufDamaged(_path, $"the {what} is {count}");
    }

    private uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    private ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes > _fileBytes - _position || _position + bytes > MaxHeaderBytes)
        {
            throw GgufErrors.GgufTruncated(_path, "the header ends early");
        }

        if (bytes > _buffer.Length)
        {
            _buffer = new byte[bytes];
        }

        Span<byte> taken = _buffer.AsSpan(0, bytes);
        try
        {
            _stream.ReadExactly(taken);
        }
        catch (IOException exception)
        {
            throw GgufErrors.ModelNotReadable(_path, exception);
        }

        _position += bytes;
        _headerHash.Append(taken);
        _valueHash.Append(taken);
        return taken;
    }

    private void Skip(long bytes)
    {
        while (bytes > 0)
        {
            bytes -= Take((int)Math.Min(bytes, 64 * 1024)).Length;
        }
    }

    private int SizeOf(GgufType type, string key) => type switch
    {
        GgufType.UInt8 or GgufType.Int8 or GgufType.Bool => 1,
        GgufType.UInt16 or GgufType.Int16 => 2,
        GgufType.UInt32 or GgufType.Int32 or GgufType.Float32 => 4,
        GgufType.UInt64 or GgufType.Int64 or GgufType.Float64 => 8,
        _ => throw GgufErrors.GgufDamaged(_path, $"'{key}' has the unknown type {(uint)type}"),
    };

    private static long ToInteger(GgufType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufType.UInt8 or GgufType.Bool => bytes[0],
        GgufType.Int8 => unchecked((sbyte)bytes[0]),
        GgufType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufType.UInt64 => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), long.MaxValue),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
