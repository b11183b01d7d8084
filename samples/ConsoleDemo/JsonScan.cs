using RedisInfer;

namespace ConsoleDemo;

/// <summary>The output of <c>scan --json</c>. Scripts read it, so names and order must not change.</summary>
internal sealed record JsonScan(IReadOnlyList<JsonScan.Document> Documents, IReadOnlyList<JsonScan.SkippedFile> Skipped)
{
    public static JsonScan From(IReadOnlyList<ScannedFile> files) => new(
        [.. files.Where(file => file.SkipReason is null).Select(file => new Document(file.Path, file.MediaType!, file.Encoding, file.Bytes))],
        [.. files.Where(file => file.SkipReason is not null).Select(file => new SkippedFile(file.Path, file.SkipReason!))]);

    internal sealed record Document(string Path, string MediaType, string? Encoding, long Bytes);

    internal sealed record SkippedFile(string Path, string Reason);
}
