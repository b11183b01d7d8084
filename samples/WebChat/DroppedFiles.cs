using System.Globalization;
using System.Text;

namespace WebChat;

/// <summary>
/// Keeps files that visitors drop on the page, in a folder of its own. Of a visitor's name, only letters, digits and a few marks remain, so
/// that it leads nowhere else.
/// </summary>
internal sealed class DroppedFiles : IDisposable
{
    public const int MaxFiles = 100;
    public const long MaxFileBytes = 20 << 20;
    public const long MaxRequestBytes = 5 * MaxFileBytes;

    private const int MaxNameLength = 100;

    private readonly Lock _gate = new();
    private int _count;

    /// <summary>The folder. It is removed at the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("webchat-").FullName;

    /// <summary>Keeps a file.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public async Task<string?> AddAsync(IFormFile file, CancellationToken cancellationToken)
    {
        if (file.Length > MaxFileBytes)
        {
            return $"'{file.FileName}' has {file.Length >> 20} MB; a file may have {MaxFileBytes >> 20} MB.";
        }

        string name = Clean(file.FileName);
        string path = Path.Combine(Folder, name);
        lock (_gate)
        {
            bool isNew = !File.Exists(path);
            if (isNew && _count == MaxFiles)
            {
                return $"'{file.FileName}' was not added: there are {MaxFiles} files already.";
            }

            _count += isNew ? 1 : 0;
            File.WriteAllBytes(path, []);
        }

        await using FileStream copy = File.Create(path);
        await file.CopyToAsync(copy, cancellationToken);
        return null;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A file name that is safe everywhere and not hidden.</summary>
    public static string Clean(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Normalize(NormalizationForm.FormC);
        var kept = new StringBuilder();
        foreach (Rune rune in last.EnumerateRunes())
        {
            kept.Append(Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark || " .-_()".Contains(rune.ToString(), StringComparison.Ordinal)
                ? rune.ToString() : "_");
        }

        string clean = kept.ToString().Trim(' ', '.');
        string ending = Path.GetExtension(clean);
        string stem = clean[..^ending.Length];
        stem = stem.Length > MaxNameLength ? stem[..MaxNameLength].TrimEnd() : stem;
        return (stem.Length == 0 ? "file" : stem) + (ending.Length > MaxNameLength ? "" : ending);
    }
}
