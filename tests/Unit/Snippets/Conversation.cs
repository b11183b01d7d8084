using RedisInfer;

namespace Snippets;

internal static class Conversation
{
    public static async Task TalkAsync(IRagGenerator rag)
    {
        RagAnswer first = await rag.GenerateAsync(new RagRequest("How long are backups of the orders database kept?") { History = [] });
        RagAnswer second = await rag.GenerateAsync(
            new RagRequest("And of the manifest database?") { History = [RagTurn.From(first)] });
        Console.WriteLine($"{second.Text} ({second.Usage.CachedTokens} of {second.Usage.PromptTokens} tokens were cached)");
    }
}
