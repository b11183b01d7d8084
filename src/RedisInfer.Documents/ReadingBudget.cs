using System.Globalization;

namespace RedisInfer.Documents;

/// <summary>What reading one document may cost. Used by one thread.</summary>
internal sealed class ReadingBudget(DocumentLimits limits, CancellationToken token)
{
    // A block takes memory beyond its characters.
    private const int BlockChars = 16;

    private long _chars;
    private long _unpacked;

    /// <summary>Canceled when the time is over.</summary>
    public CancellationToken Token => token;

    /// <summary>Deepest nesting of elements.</summary>
    public int Depth => limits.MaxDepth;

    /// <summary>Whether a limit was exceeded.</summary>
    public bool IsExceeded { get; private set; }

    /// <summary>Ends the reading if its time is over.</summary>
    public void Check() => token.ThrowIfCancellationRequested();

    /// <summary>Ends the reading if elements are nested too deep.</summary>
    public void CheckDepth(int depth)
    {
        if (depth > limits.MaxDepth)
            throw TooDeep();
    }

    /// <summary>Counts a block of text.</summary>
    public void SpendBlock(int chars)
    {
        Check();
        _chars += chars + BlockChars;
        if (_chars > limits.MaxTextBytes)
            throw Exceeded($"It has more than {Mebibytes(limits.MaxTextBytes)} MiB of text");
    }

    /// <summary>Counts bytes that were unpacked.</summary>
    public void Unpack(long bytes)
    {
        CheckRoom(bytes);
        _unpacked += bytes;
    }

    /// <summary>Ends the reading if so many bytes may not be unpacked in addition.</summary>
    public void CheckRoom(long bytes)
    {
        Check();
        if (_unpacked + bytes > limits.MaxTextBytes)
            throw Exceeded($"It unpacks to more than {Mebibytes(limits.MaxTextBytes)} MiB");
    }

    /// <summary>The reason of a document that is nested too deep.</summary>
    public SkippedDocumentException TooDeep() => Exceeded($"Its elements are nested more than {limits.MaxDepth} deep");

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.#", CultureInfo.InvariantCulture);

    private SkippedDocumentException Exceeded(string what)
    {
        IsExceeded = true;
        return new SkippedDocumentException($"{what}, over the limit ({nameof(DocumentLimits)}). Split the file, or raise the limit.");
    }
}
