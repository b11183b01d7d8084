using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Documents and files that no editor writes.</summary>
internal static class OddDocuments
{
    private const int MostText = 40_000;
    private const int LargeText = 400_000;
    private const int SizeOfGenerated = 50;

    private static readonly string[] Repeated =
    [
        "a", "ab", " ", "\n", "\r", "\t", "\r\n", "\n\n", "# \n", "#", "# x\n", "```\n", "```", "~~~\n", "    ", ">", "> ", "- ",
        "* * *\n", "1. ", "|", "| a ", "=\n", "---\n", "[", "](", "![", "<", "<a>", "</", "<!--", "&amp;", "&#x10FFFF;", "\"", ",",
        "\",\"", ";\n", "{", "}", "{\"a\":", "\\", "$", "`", "*", "_", "\uFEFF", "\u200D", "\u0301", "\u4E2D", "\uD83D", "\uDE00",
        "\U0001F469\u200D\U0001F680", "\u202E", "\0", "\u2028", "\f", ".", "!", "\u3002", "word ", "Word. ", "x=1;", "backup ",
        "[1] a.md\n", "%PDF-1.7\n",
    ];

    private static readonly Encoding[] Encodings =
        [Encoding.UTF8, new UTF8Encoding(false), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1];

    private static readonly string[] Extensions =
        [.. MediaTypes.Extensions, "", ".", ".xyz", ".md.gz", ".MD"];

    /// <summary>A document as a host adds it.</summary>
    public static RagDocument Document(Random random) => new(Path(random), random.Chance(.01) ? null! : Text(random))
    {
        Tags = random.Chance(.8) ? [] : random.Chance(.05) ? null! : [.. Labels(random).Select(label => random.Chance(.01) ? null! : label)],
        Metadata = random.Chance(.8)
            ? new Dictionary<string, string>()
            : Labels(random).Distinct().ToDictionary(name => name, name => random.Chance(.01) ? null! : name),
    };

    /// <summary>Which files to read, mostly in range.</summary>
    public static FileTreeOptions? Options(Random random) => random.Chance(.8) ? null : new FileTreeOptions
    {
        MaxFileBytes = random.Chance(.5) ? 1 + random.Next(5000) : OddValues.Integer(random),
    };

    /// <summary>Writes files, folders, ignore files and links.</summary>
    public static void WriteFolder(Random random, string folder)
    {
        for (int i = random.Next(5); i >= 0; i--)
        {
            string parent = random.Chance(.7) ? folder : OwnFolder(System.IO.Path.Combine(folder, FileName(random)), folder);
            string path = System.IO.Path.Combine(parent, FileName(random));

            // A link exists even if its target does not.
            if (System.IO.Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                continue;
            }

            if (random.Chance(.3))
            {
                HostileDocument document = HostileDocuments.Any(random.Pick(SampleDocuments.Formats), random);
                File.WriteAllBytes(System.IO.Path.Combine(parent, $"{i}-{document.Name}"), document.Bytes);
            }
            else if (random.Chance(.05) && !OperatingSystem.IsWindows())
            {
                File.CreateSymbolicLink(path, random.Pick((string[])["/dev/zero", "..", ".", path, "/etc/passwd", "missing"]));
            }
            else
            {
                File.WriteAllBytes(path, FileBytes(random));
            }
        }

        if (random.Chance(.1))
        {
            File.WriteAllBytes(System.IO.Path.Combine(folder, ".gitignore"), FileBytes(random));
        }
    }

    private static string OwnFolder(string path, string otherwise) =>
        File.Exists(path) || new FileInfo(path).LinkTarget is not null ? otherwise : Directory.CreateDirectory(path).FullName;

    private static IEnumerable<string> Labels(Random random) =>
        Enumerable.Range(0, OddValues.Length(random, 300)).Select(_ => OddValues.Text(random, random.Chance(.01) ? 1100 : 60));

    private static string Path(Random random) => random.Next(8) switch
    {
        0 => random.Chance(.1) ? null! : OddValues.Text(random, 1100),
        1 => random.Pick((string[])["", " ", "/", "..", "a:chunk_1", "1:tokens:a:chunk_0", "{b}", "*", "a/b/c.md", "\0", "a\nb"]),
        _ => $"docs/{random.Next(20)}{random.Pick(Extensions)}",
    };

    private static string FileName(Random random)
    {
        string name = OddValues.Text(random, 60) + random.Pick(Extensions);
        char[] letters = [.. name.Where(c => c is not ('/' or '\0') && !char.IsSurrogate(c))];
        name = new string(letters);
        while (Encoding.UTF8.GetByteCount(name) > 250)
        {
            name = name[(name.Length / 2)..];
        }

        return name is "" or "." or ".." || (OperatingSystem.IsWindows() && name.IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) >= 0)
            ? $"file{random.Next(100)}{random.Pick(Extensions).TrimEnd('.')}"
            : name;
    }

    private static byte[] FileBytes(Random random)
    {
        byte[] bytes = random.Pick(Encodings).GetBytes(Text(random));
        if (random.Chance(.3))
        {
            bytes = [.. random.Pick(Encodings).Preamble, .. bytes];
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            bytes = OddValues.Damage(random, bytes);
        }

        return bytes;
    }

    private static string Text(Random random)
    {
        int most = random.Chance(.01) ? LargeText : MostText;
        return random.Next(5) switch
        {
            0 => Repeat(random, most),
            1 => string.Concat(Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Repeat(random, most / 8))),
            2 => DocumentTexts.Any.Sample(SizeOfGenerated, new Rnd(unchecked((ulong)random.NextInt64())), 1).First(),
            3 => Markup(random, most / 8),
            _ => OddValues.Text(random, most),
        };
    }

    private static string Repeat(Random random, int most)
    {
        string part = random.Pick(Repeated) + (random.Chance(.2) ? random.Pick(Repeated) : "");
        return new StringBuilder().Insert(0, part, OddValues.Length(random, Math.Max(1, most / part.Length))).ToString();
    }

    /// <summary>Opening and closing marks of many formats, in any order.</summary>
    private static string Markup(Random random, int most)
    {
        var text = new StringBuilder();
        for (int length = OddValues.Length(random, most); text.Length < length;)
        {
            text.Append(random.Chance(.8) ? random.Pick(Repeated) : OddValues.Text(random, 60));
        }

        return text.ToString();
    }
}
