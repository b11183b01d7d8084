using RedisInfer.Inference;
using RedisInfer.Prompting;

namespace RedisInfer.Tests.Support.DemoModel;

/// <summary>A passage of a generated case.</summary>
/// <param name="Path">The document it comes from.</param>
/// <param name="Trail">The headings that it is under; may be empty.</param>
/// <param name="Text">Its text.</param>
public sealed record GeneratedPassage(string Path, string Trail, string Text)
{
    internal Passage ToPassage(ITokenizer tokenizer, int index) =>
        new(Path, index, 1, 1, Score: 1, Text, PassageFormat.TokenizeChunk(tokenizer, Trail, Text)) { Trail = Trail };

    internal RagPassage ToRagPassage(int number) => new()
    {
        Number = number,
        Path = Path,
        Trail = Trail,
        Chunk = number,
        StartLine = 1,
        EndLine = 1,
        Score = 1,
        Text = Text,
        TokenCount = 0,
    };
}
