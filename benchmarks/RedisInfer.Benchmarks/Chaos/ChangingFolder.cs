using System.Diagnostics;
using System.Globalization;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>
/// A folder whose documents are rewritten, added and removed, and which remembers every version. A file is replaced in one step, so that no
/// reader sees half a version. Changes come from one caller at a time.
/// </summary>
internal sealed class ChangingFolder(int seed) : IDisposable
{
    private const int SmallDocuments = 36;
    private const int LargeDocuments = 4;
    private const int LargeParagraphs = 180;
    private const int MostSmallParagraphs = 6;
    private const int MaxEdits = 12;

    private static readonly string[] Words =
    [
        "anchor", "ballast", "cargo", "derrick", "ensign", "fathom", "galley", "harbour", "inlet", "jetty", "keel", "lantern", "mooring",
        "nautical", "oar", "pilot", "quay", "rudder", "sextant", "tide", "vessel", "wharf", "yardarm", "zenith",
    ];

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private readonly TempFolder _folder = new();
    private readonly TempFolder _scratch = new();
    private readonly Dictionary<string, List<DocumentVersion>> _history = [];
    private int _lastVersion;

    public string Path => _folder.Path;

    /// <summary>The documents that are in the folder now.</summary>
    public IReadOnlyDictionary<string, DocumentVersion> Current
    {
        get
        {
            lock (_gate)
                return _history.Where(pair => IsThere(pair.Value[^1])).ToDictionary(pair => pair.Key, pair => pair.Value[^1]);
        }
    }

    private static IEnumerable<string> AllPaths =>
        Enumerable.Range(0, LargeDocuments).Select(i => $"large/{Name(i)}.md")
            .Concat(Enumerable.Range(LargeDocuments, SmallDocuments).Select(i => $"{Name(i)}.md"));

    /// <summary>Writes the first version of every document.</summary>
    public void Fill()
    {
        Directory.CreateDirectory(_folder["large"]);
        foreach (string path in AllPaths)
        {
            Write(path, number => NewParagraphs(path, number));
        }
    }

    /// <summary>Changes one document: rewrites all or some paragraphs of it, adds or removes it.</summary>
    public void Change()
    {
        string[] paths = [.. AllPaths];

        // Large documents take long to write, so a process that is killed is often in the middle of one.
        string path = _random.Next(4) == 0 ? paths[_random.Next(LargeDocuments)] : paths[_random.Next(paths.Length)];
        if (!Current.TryGetValue(path, out DocumentVersion? before) || _random.Next(4) == 0)
            Write(path, number => NewParagraphs(path, number));
        else if (_random.Next(5) == 0)
            Remove(path);
        else
            Write(path, number => Edited(path, number, before.Paragraphs));
    }

    /// <summary>A question about a document that may be in the folder.</summary>
    public static string Question(Random random)
    {
        string[] paths = [.. AllPaths];
        string path = paths[random.Next(paths.Length)];
        return $"Which {Words[random.Next(Words.Length)]} has beacon {System.IO.Path.GetFileNameWithoutExtension(path)}, "
            + $"and what about {Words[random.Next(Words.Length)]}?";
    }

    /// <summary>Whether the text of a passage was at its lines of its document at some time of a period.</summary>
    public bool Had(ChildPassage passage, long from, long until)
    {
        lock (_gate)
        {
            return _history.TryGetValue(passage.Path, out List<DocumentVersion>? versions)
                && versions.Any(version => version.From <= until && version.Until >= from && version.Holds(passage));
        }
    }

    /// <summary>Says when the versions that hold a passage were in the folder.</summary>
    public string Explain(ChildPassage passage, long from, long until)
    {
        lock (_gate)
        {
            IEnumerable<DocumentVersion> holding = _history.GetValueOrDefault(passage.Path, []).Where(version => version.Holds(passage));
            string versions = string.Join(", ", holding.Select(version => string.Create(
                CultureInfo.InvariantCulture,
                $"version {version.Number}, replaced {Stopwatch.GetElapsedTime(Math.Min(version.Until, until), from).TotalSeconds:0.00} s too early")));
            return $"{passage.Path}:{passage.StartLine}-{passage.EndLine}: {(versions.Length == 0 ? $"in no version: {passage.Text}" : versions)}";
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _scratch.Dispose();
    }

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"d{i:00}");

    private static bool IsThere(DocumentVersion version) => version.Until == long.MaxValue;

    private void Write(string path, Func<int, IReadOnlyList<string>> compose)
    {
        int number = ++_lastVersion;
        var version = new DocumentVersion(number, compose(number), Stopwatch.GetTimestamp());
        string file = _scratch["next"];
        File.WriteAllText(file, version.Text);
        lock (_gate)
        {
            if (!_history.TryGetValue(path, out List<DocumentVersion>? versions))
                _history.Add(path, versions = []);
            File.Move(file, _folder[path], overwrite: true);
            if (versions.Count > 0 && IsThere(versions[^1]))
                versions[^1].Until = Stopwatch.GetTimestamp();
            versions.Add(version);
        }
    }

    private void Remove(string path)
    {
        lock (_gate)
        {
            File.Delete(_folder[path]);
            _history[path][^1].Until = Stopwatch.GetTimestamp();
        }
    }

    private List<string> NewParagraphs(string path, int number)
    {
        int count = path.StartsWith("large/", StringComparison.Ordinal) ? LargeParagraphs : _random.Next(1, MostSmallParagraphs + 1);
        return [.. Enumerable.Range(0, count).Select(_ => Paragraph(path, number))];
    }

    private List<string> Edited(string path, int number, IReadOnlyList<string> before)
    {
        List<string> paragraphs = [.. before];
        for (int edits = _random.Next(1, MaxEdits + 1); edits > 0; edits--)
        {
            int at = _random.Next(paragraphs.Count);
            switch (_random.Next(3))
            {
                case 0:
                    paragraphs.Insert(at, Paragraph(path, number));
                    break;
                case 1 when paragraphs.Count > 1:
                    paragraphs.RemoveAt(at);
                    break;
                default:
                    paragraphs[at] = Paragraph(path, number);
                    break;
            }
        }

        return paragraphs;
    }

    private string Paragraph(string path, int number)
    {
        IEnumerable<string> words = Enumerable.Range(0, 10).Select(_ => Words[_random.Next(Words.Length)]);
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        return string.Create(
            CultureInfo.InvariantCulture, $"Beacon {name} of version {number} has number {_random.Next(100_000)}: {string.Join(' ', words)}.");
    }
}
