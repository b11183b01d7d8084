namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Ways in which a model file can be malformed.</summary>
public enum MalformedModel
{
    /// <summary>An empty file.</summary>
    Empty,

    /// <summary>A text file with the file name of a model.</summary>
    PlainText,

    /// <summary>The first four bytes are not GGUF.</summary>
    WrongMagic,

    /// <summary>A future version.</summary>
    WrongVersion,

    /// <summary>Ends in the middle of the metadata.</summary>
    TruncatedHeader,

    /// <summary>Ends in the middle of the tensors' data.</summary>
    TruncatedTensors,

    /// <summary>Declares no blocks. llama.cpp would end the calling process.</summary>
    NoBlocks,

    /// <summary>Declares 513 blocks, one more than llama.cpp's own limit. llama.cpp would end the calling process.</summary>
    TooManyBlocks,

    /// <summary>Two tokens of the vocabulary are equal. llama.cpp would end the calling process.</summary>
    DuplicateTokens,

    /// <summary>Declares 2^62 tensors.</summary>
    HugeTensorCount,

    /// <summary>Declares 2^62 metadata pairs.</summary>
    HugeMetadataCount,

    /// <summary>Declares a first key of 2^62 bytes.</summary>
    HugeStringLength,

    /// <summary>Declares a vocabulary of 2^62 tokens.</summary>
    HugeArrayLength,

    /// <summary>An architecture that no engine knows.</summary>
    UnknownArchitecture,

    /// <summary>One tensor of the architecture is missing.</summary>
    MissingTensor,
}
