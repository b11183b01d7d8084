using System.IO.Compression;
using System.Text;

namespace RedisInfer.Tests.Unit.Folders;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("a.PDF", "application/pdf")]
    [InlineData("b/c.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("notes", "application/octet-stream")]
    [InlineData("a.md/LICENSE", "application/octet-stream")]
    [InlineData("a.", "application/octet-stream")]
    [InlineData("a.tar.csv", "text/csv")]
    [InlineData("src/Program.cs", "text/x-csharp")]
    [InlineData("src/Dockerfile", "text/x-dockerfile")]
    [InlineData("Makefile", "text/x-makefile")]
    [InlineData("a.jsonl", "application/jsonl")]
    public void NameTellsTheMediaType(string path, string mediaType) => Assert.Equal(mediaType, MediaTypes.Of(path));

    [Theory]
    [InlineData("notes.txt", "%PDF-1.7\n", "application/pdf")]
    [InlineData("notes.txt", "\n %PDF-1.7\n", "application/pdf")]
    [InlineData("notes.txt", "A text about %PDF-1.7", "text/plain")]
    [InlineData("notes.txt", "", "text/plain")]
    [InlineData("a.pdf", "no PDF", "application/pdf")]
    [InlineData("a.md", "GIF89a", "image/gif")]
    public void FirstBytesTellMoreThanTheName(string path, string content, string mediaType)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(content));
        Assert.Equal(mediaType, MediaTypes.Of(path, stream));
        Assert.Equal(0, stream.Position);
    }

    [Theory]
    [InlineData("word/document.xml", "", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    [InlineData("xl/workbook.xml", "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [InlineData("mimetype", "application/epub+zip", "application/epub+zip")]
    [InlineData("mimetype", "application/x-unknown", "text/plain")]
    [InlineData("other", "", "text/plain")]
    public void PartsOfAZipTellItsMediaType(string part, string content, string mediaType)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry(part).Open();
            entry.Write(Encoding.ASCII.GetBytes(content));
        }

        Assert.Equal(mediaType, MediaTypes.Of("notes.txt", stream));
    }

    [Theory]
    [InlineData("a.doc", "application/msword")]
    [InlineData("a.docx", "application/x-ole-storage")]
    public void CompoundFileIsAnOldOfficeFileOrAnEncryptedOne(string path, string mediaType)
    {
        using var stream = new MemoryStream([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[64]]);
        Assert.Equal(mediaType, MediaTypes.Of(path, stream));
    }
}
