using RedisInfer;

namespace ConsoleDemo;

/// <summary>What the command line asks for, with defaults filled in. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    public const int MostPassages = 100;
    public const int MostNeighbors = 10;

    /// <summary>The model that answers.</summary>
    public string ModelPath { get; init; } = DemoModelPath;

    /// <summary>The embedding model; <see langword="null"/>: lexical retrieval.</summary>
    public string? EmbeddingModelPath { get; init; }

    /// <summary>The Redis to use; <see langword="null"/>: a server embedded in this process.</summary>
    public string? Redis { get; init; }

    /// <summary>The folder that is indexed.</summary>
    public string Docs { get; init; } = HandbookPath;

    /// <summary>Where the embedded server keeps its data; <see langword="null"/>: in memory only.</summary>
    public string? Data { get; init; }

    /// <summary>The corpus; <see langword="null"/>: named after folder and models.</summary>
    public string? Corpus { get; init; }

    /// <summary>Most passages per question; <see langword="null"/>: the library's default.</summary>
    public int? TopK { get; init; }

    /// <summary>Patterns of the paths that may give passages; none: all paths.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Chunks before and after each passage to give too; <see langword="null"/>: the library's default.</summary>
    public int? Neighbors { get; init; }

    /// <summary>Whether a corpus that was made with another embedding is embedded anew.</summary>
    public bool Reembed { get; init; }

    /// <summary>Whether the library's and the host's logs are shown.</summary>
    public bool Verbose { get; init; }

    public bool UsesDemoModel => ModelPath == DemoModelPath;

    public bool UsesHandbook => Docs == HandbookPath;

    /// <summary>A question, to be answered as the options say.</summary>
    public RagRequest Ask(string question) => new(question)
    {
        Filter = Paths.Count == 0 ? null : new RagFilter { Paths = Paths },
        Neighbors = Neighbors,
    };

    private static string DemoModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "demo", "redisinfer-demo.gguf");

    private static string HandbookPath { get; } = Path.Combine(AppContext.BaseDirectory, "handbook");
}
