using RedisInfer;

namespace Snippets;

internal static class Folders
{
    public static async Task AddAsync(IRagIndex index)
    {
        await foreach (IndexedDocument document in index.AddDirectoryAsync("/repositories/a", "a"))
            Console.WriteLine($"{document.Status}: {document.Path}");
        await foreach (IndexedDocument document in index.SyncDirectoryAsync("/repositories/b", "b"))
            Console.WriteLine($"{document.Status}: {document.Path}");
    }
}
