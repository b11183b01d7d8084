using System.IO.Compression;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace RedisInfer.Documents.Pdf;

/// <summary>Measures what a filter would unpack before the filter allocates it.</summary>
internal sealed class PdfMeasuredFilter(IFilter filter, ReadingBudget budget) : IFilter
{
    // A code of 12 bits represents at most 4,096 bytes; a run of two bytes for 128.
    private const int LzwGrowth = 2731;
    private const int RunLengthGrowth = 64;
    private const int ZlibHeaderBytes = 2;

    /// <inheritdoc/>
    public bool IsSupported => filter.IsSupported;

    /// <inheritdoc/>
    public Memory<byte> Decode(Memory<byte> input, DictionaryToken streamDictionary, IFilterProvider filterProvider, int filterIndex)
    {
        budget.Check();
        if (filter is FlateFilter)
            MeasureFlate(input);
        else if (filter is LzwFilter)
            budget.CheckRoom((long)input.Length * LzwGrowth);
        else if (filter is RunLengthFilter)
            budget.CheckRoom((long)input.Length * RunLengthGrowth);
        Memory<byte> output = filter.Decode(input, streamDictionary, filterProvider, filterIndex);
        budget.Unpack(output.Length);
        return output;
    }

    private void MeasureFlate(Memory<byte> input)
    {
        if (input.Length <= ZlibHeaderBytes)
            return;
        using var packed = new MemoryStream(input[ZlibHeaderBytes..].ToArray());
        using var inflater = new DeflateStream(packed, CompressionMode.Decompress);
        byte[] buffer = new byte[32768];
        long bytes = 0;
        try
        {
            for (int read; (read = inflater.Read(buffer)) > 0;)
            {
                bytes += read;
                budget.CheckRoom(bytes);
            }
        }
        catch (InvalidDataException)
        {
            // PdfPig takes what could be unpacked before the damage, as was measured here.
        }
    }
}
