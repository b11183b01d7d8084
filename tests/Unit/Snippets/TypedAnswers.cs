using System.Text.Json;
using System.Text.Json.Serialization;
using RedisInfer;

namespace Snippets;

internal static partial class TypedAnswers
{
    public static async Task AskAsync(IRagGenerator rag, CancellationToken cancellationToken)
    {
        RagAnswer<Retention> answer = await rag.GenerateAsync(
            new RagRequest("How long are backups kept?"), AnswerTypes.Default.Retention, cancellationToken);
        if (answer.HasValue)
            Console.WriteLine($"{answer.Value.Days} days, says {answer.Citations[0].Path}. The model wrote: {answer.Answer.Text}");
    }

    public static async Task AskAsync(IRagGenerator rag, string question, JsonElement schema, CancellationToken cancellationToken)
    {
        var format = RagResponseFormat.JsonSchema(schema);
        RagAnswer answer = await rag.GenerateAsync(new RagRequest(question) { ResponseFormat = format }, cancellationToken);
        using var json = JsonDocument.Parse(answer.Text);
    }

    internal sealed record Retention(string Summary, int Days, int[] Citations);

    [JsonSerializable(typeof(Retention))]
    internal sealed partial class AnswerTypes : JsonSerializerContext;
}
