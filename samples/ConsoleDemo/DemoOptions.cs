namespace ConsoleDemo;

/// <summary>What the command line asks for, with defaults filled in. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    public const int MostPassages = 100;

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

    /// <summary>Whether the library's and the host's logs are shown.</summary>
    public bool Verbose { get; init; }

    public bool UsesDemoModel => ModelPath == DemoModelPath;

    public bool UsesHandbook => Docs == HandbookPath;

    private static string DemoModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "demo", "redisinfer-demo.gguf");

    private static string HandbookPath { get; } = Path.Combine(AppContext.BaseDirectory, "handbook");
}
