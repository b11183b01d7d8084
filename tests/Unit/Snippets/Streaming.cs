using RedisInfer;

namespace Snippets;

internal static class Streaming
{
    public static async Task AskAsync(IRagGenerator rag, string question, CancellationToken cancellationToken)
    {
        await foreach (RagUpdate update in rag.GenerateStreamingAsync(new RagRequest(question), cancellationToken))
            Console.Write(update.Text);
    }
}
