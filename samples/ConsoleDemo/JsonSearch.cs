using RedisInfer;

namespace ConsoleDemo;

/// <summary>The output of <c>search</c> for one question. Scripts read it, so names and order must not change.</summary>
internal sealed record JsonSearch(string Question, IReadOnlyList<JsonSearch.Hit> Passages, bool Declined)
{
    public static JsonSearch From(string question, IReadOnlyList<RagPassage> passages) => new(
        question,
        [.. passages.Select(p => new Hit(p.Path, p.Chunk, p.StartLine, p.EndLine, p.Page, p.Score, p.Trail, p.Text))],
        Declined: passages.Count == 0);

    internal sealed record Hit(
        string Path, int Chunk, int StartLine, int EndLine, int? Page, float Score, string Trail, string Text);
}
