namespace RedisInfer.Tests.Support.Gguf;

/// <summary>The vocabulary and the chat template of a family of models.</summary>
public sealed record ModelFamily
{
    public required string Name { get; init; }

    /// <summary>The chat template, a program in Jinja.</summary>
    public required string Template { get; init; }

    /// <summary>How its byte-level BPE cuts texts before it merges; <see langword="null"/>: the vocabulary is one of SentencePiece.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary>The token for the beginning of a text.</summary>
    public required string Begin { get; init; }

    /// <summary>Whether the vocabulary asks for <see cref="Begin"/> before every text.</summary>
    public bool AddsBegin { get; init; }

    /// <summary>Whether SentencePiece puts a space before a text.</summary>
    public bool AddsSpace { get; init; }

    /// <summary>The token that ends an answer.</summary>
    public required string End { get; init; }

    /// <summary>Further control tokens.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>Tokens of type USER_DEFINED.</summary>
    public IReadOnlyList<string> UserDefined { get; init; } = [];

    /// <summary>All tokens that no text of a document may give.</summary>
    public IEnumerable<string> Marks => [Begin, End, .. Controls, .. UserDefined];
}
