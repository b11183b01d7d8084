namespace RedisInfer.Benchmarks.Formats;

/// <summary>A manual in several formats: the files that begin with its name.</summary>
internal sealed class Manual
{
    private readonly Dictionary<string, IReadOnlyList<string>> _files;

    private Manual(string textFile, Dictionary<string, IReadOnlyList<string>> files)
    {
        TextFile = textFile;
        _files = files;
    }

    /// <summary>The formats, by the extensions of their files.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["txt", "html", "pdf", "epub"];

    /// <summary>Path of the text.</summary>
    public string TextFile { get; }

    /// <summary>Finds the manuals of a folder: one for each text in it.</summary>
    public static IReadOnlyList<Manual> Find(string folder)
    {
        string[] texts = [.. Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal)];
        return [.. texts.Select(text => new Manual(
            text,
            Formats.ToDictionary(format => format, format => format == "txt" ? [text] : FilesOf(text, format, isAlone: texts.Length == 1))))];
    }

    /// <summary>Paths of the files of a format; none if the manual does not have it.</summary>
    public IReadOnlyList<string> Files(string format) => _files[format];

    // A manual that is alone in its folder may have files of any name.
    private static IReadOnlyList<string> FilesOf(string textFile, string format, bool isAlone)
    {
        string name = textFile[..^".txt".Length];
        string file = $"{name}.{format}";
        if (File.Exists(file))
            return [file];
        string? folder = new[] { file, name, isAlone ? Path.GetDirectoryName(textFile)! : name }.FirstOrDefault(Directory.Exists);
        return folder is null ? [] : [.. Directory.GetFiles(folder, "*." + format, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }
}
