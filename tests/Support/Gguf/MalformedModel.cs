namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Ways in which a model file can be wrong.</summary>
public enum MalformedModel
{
    /// <summary>No byte at all.</summary>
    Empty,

    /// <summary>A text file under a model's name.</summary>
    PlainText,

    /// <summary>The first four bytes are not GGUF.</summary>
    WrongMagic,

    /// <summary>A version from the future.</summary>
    WrongVersion,

    /// <summary>Ends in the middle of the metadata.</summary>
    TruncatedHeader,

    /// <summary>Ends in the middle of the tensors' data.</summary>
    TruncatedTensors,

    /// <summary>Says it has no blocks, which ends the process of a caller who passes it to llama.cpp.</summary>
    NoBlocks,

    /// <summary>Says it has 513 blocks, one more than llama.cpp's own limit, which likewise ends the process.</summary>
    TooManyBlocks,

    /// <summary>Two tokens of the vocabulary are equal, which likewise ends the process.</summary>
    DuplicateTokens,

    /// <summary>Says it has 2^62 tensors.</summary>
    HugeTensorCount,

    /// <summary>Says it has 2^62 metadata pairs.</summary>
    HugeMetadataCount,

    /// <summary>The first key says it is 2^62 bytes long.</summary>
    HugeStringLength,

    /// <summary>The vocabulary says it has 2^62 tokens.</summary>
    HugeArrayLength,

    /// <summary>An architecture that no engine knows.</summary>
    UnknownArchitecture,

    /// <summary>One tensor of the architecture is not there.</summary>
    MissingTensor,
}
