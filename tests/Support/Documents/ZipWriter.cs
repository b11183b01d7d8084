using System.IO.Compression;
using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>Writes and rewrites zip files of text parts.</summary>
public static class ZipWriter
{
    /// <summary>Writes parts in order.</summary>
    public static byte[] Write(params (string Path, string Text)[] parts) =>
        Write(parts.Select(part => (part.Path, Encoding.UTF8.GetBytes(part.Text))));

    /// <summary>Writes parts in order.</summary>
    public static byte[] Write(IEnumerable<(string Path, byte[] Bytes)> parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] bytes) in parts)
            {
                using Stream part = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
                part.Write(bytes);
            }
        }

        return file.ToArray();
    }

    /// <summary>Reads all parts.</summary>
    public static List<(string Path, byte[] Bytes)> Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        List<(string Path, byte[] Bytes)> parts = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using var bytes = new MemoryStream();
            using Stream part = entry.Open();
            part.CopyTo(bytes);
            parts.Add((entry.FullName, bytes.ToArray()));
        }

        return parts;
    }
}
