using RedisInfer;
using Samples.Common;

namespace ConsoleDemo;

/// <summary>The options of the command line, with defaults filled in. Paths are absolute.</summary>
internal sealed record DemoOptions
{
    public const int MostPassages = 100;
    public const int MostNeighbors = 10;

    public const string OwnEngine = "llama";
    public const string LLamaSharpEngine = "llamasharp";

    /// <summary>The engine that runs the models.</summary>
    public string Engine { get; init; } = OwnEngine;

    /// <summary>The model that answers.</summary>
    public string ModelPath { get; init; } = DemoModel.ModelPath;

    /// <summary>The embedding model, or <see langword="null"/> for lexical retrieval. Default: the demo's own, if it was built.</summary>
    public string? EmbeddingModelPath { get; init; } = DemoModel.EmbeddingModelPath;

    /// <summary>Whether lexical retrieval was asked for.</summary>
    public bool WordsOnly { get; init; }

    /// <summary>The re-ranker, or <see langword="null"/> for the order of the search.</summary>
    public string? RerankModelPath { get; init; }

    /// <summary>The Redis to use, or <see langword="null"/> for a server embedded in this process.</summary>
    public string? Redis { get; init; }

    /// <summary>The folder to index.</summary>
    public string Docs { get; init; } = DemoModel.HandbookPath;

    /// <summary>The folder in which the embedded server keeps its data, or <see langword="null"/> to keep it in memory only.</summary>
    public string? Data { get; init; }

    /// <summary>The name of the corpus, or <see langword="null"/> to derive it from the folder and the models.</summary>
    public string? Corpus { get; init; }

    /// <summary>Maximum number of passages per question, or <see langword="null"/> for the library's default.</summary>
    public int? TopK { get; init; }

    /// <summary>Patterns of the paths that may give passages. If empty, all paths may.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Number of chunks to add before and after each passage, or <see langword="null"/> for the library's default.</summary>
    public int? Neighbors { get; init; }

    /// <summary>Whether to embed the corpus again if it was made with another embedding.</summary>
    public bool Reembed { get; init; }

    /// <summary>Whether to cut the texts of the corpus again if it was made with an earlier chunker.</summary>
    public bool Rechunk { get; init; }

    /// <summary>Whether to show the logs of the library and the host.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether retrieval is lexical because the demo's own embedding model was not built.</summary>
    public bool LacksOwnEmbeddingModel => EmbeddingModelPath is null && !WordsOnly;

    public bool UsesHandbook => Docs == DemoModel.HandbookPath;

    /// <summary>Creates the request for a question, with the filter and neighbors of these options.</summary>
    public RagRequest Ask(string question) => new(question)
    {
        Filter = Paths.Count == 0 ? null : new RagFilter { Paths = Paths },
        Neighbors = Neighbors,
    };
}
