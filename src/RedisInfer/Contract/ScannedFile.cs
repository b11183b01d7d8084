namespace RedisInfer;

/// <summary>What indexing would do with a file or folder.</summary>
/// <param name="Path">Path relative to the scanned folder, with <c>/</c> as separator; ends in <c>/</c> if it is a folder.</param>
/// <param name="Bytes">Size of the file, in bytes; 0 if it was not opened.</param>
/// <param name="SkipReason">Why it would not be indexed, as a sentence; <see langword="null"/> if it would.</param>
public sealed record ScannedFile(string Path, long Bytes, string? SkipReason)
{
    /// <summary>Its media type, such as <c>text/markdown</c>; <see langword="null"/> if it would not be indexed.</summary>
    public string? MediaType { get; init; }

    /// <summary>
    /// The name of its text's encoding, such as <c>utf-8</c>; <see langword="null"/> if it would not be indexed, or its format is binary.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>Whether the options or rules leave it out. Of such a folder, there is one entry, and none of its content.</summary>
    public bool IsLeftOut { get; init; }
}
