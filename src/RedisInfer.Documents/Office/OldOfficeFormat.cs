using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Compound files: old Office files, and new ones that are encrypted. Neither is read; the reason says which it is.</summary>
internal sealed class OldOfficeFormat : IDocumentFormat
{
    public const string MediaType = "application/x-ole-storage";

    /// <summary>The first bytes of a compound file.</summary>
    public static ReadOnlySpan<byte> Signature => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } =
        [MediaType, "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/vnd.ms-outlook"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        // Names in a compound file are in UTF-16.
        bool isEncrypted = document.Span.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0;
        throw new SkippedDocumentException(isEncrypted
            ? "It is encrypted. Save it without a password."
            : "It is a file of an old Office program. Save it in the new format (.docx, .xlsx, .pptx).");
    }
}
