using RedisInfer;

namespace Snippets;

internal static class Searching
{
    public static async Task SearchAsync(IRagIndex index)
    {
        IReadOnlyList<RagPassage> passages = await index.SearchAsync(new RagRequest("How long are backups kept?")
        {
            TopK = 3,
            Filter = new RagFilter { Paths = ["engineering/"], Tags = ["public"] },
        });
        if (passages.Count == 0)
            Console.WriteLine("Nothing is near the question.");
        foreach (RagPassage passage in passages)
            Console.WriteLine($"{passage.Path}:{passage.StartLine}-{passage.EndLine} {passage.Trail} ({passage.Score:0.00})");
    }
}
