using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using RedisInfer;

namespace Snippets;

internal static class ChatClient
{
    public static void Register(IServiceCollection services)
    {
        services.AddRedisInfer(o =>
        {
            o.ModelPath = "models/Qwen3-4B-Q4_K_M.gguf";
            o.Redis = "localhost:6379";
        })
        .AddChatClient((client, provider) => client.AsBuilder().UseOpenTelemetry().UseLogging().Build(provider));
    }

    public static async Task TalkAsync(IChatClient chat)
    {
        List<ChatMessage> messages = [new(ChatRole.User, "How long are backups of the orders database kept?")];
        ChatResponse first = await chat.GetResponseAsync(messages);
        messages.AddMessages(first);
        messages.Add(new ChatMessage(ChatRole.User, "And of the manifest database?"));

        ChatResponse second = await chat.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 200 });
        Console.WriteLine(second.Text);
        foreach (CitationAnnotation citation in second.Messages[0].Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>())
            Console.WriteLine($"[{citation.AdditionalProperties!["number"]}] {citation.FileId}:{citation.AdditionalProperties["startLine"]}");
    }

    public static ChatOptions OfOneTenant()
    {
        var options = new ChatOptions
        {
            RawRepresentationFactory = _ => new RagRequest("") { Caller = "tenant 7", Filter = new RagFilter { Tags = ["tenant-7"] } },
        };
        return options;
    }
}
