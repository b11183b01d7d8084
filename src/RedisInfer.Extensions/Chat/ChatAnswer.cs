using Microsoft.Extensions.AI;

namespace RedisInfer.Extensions;

/// <summary>Writes one answer as a response of a chat, and reads earlier answers from its messages.</summary>
/// <param name="modelId">Name of the model; <see langword="null"/>: not known.</param>
/// <param name="createdAt">When the response was begun.</param>
/// <param name="showsReasoning">Whether thoughts are part of the response.</param>
internal sealed class ChatAnswer(string? modelId, DateTimeOffset createdAt, bool showsReasoning)
{
    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>The whole response.</summary>
    public ChatResponse ToResponse(RagRequest request, RagAnswer answer)
    {
        List<AIContent> contents = [.. Thoughts(answer.Reasoning), new TextContent(answer.Text) { Annotations = ChatCitations.Of(request, answer) }];
        var message = new ChatMessage(ChatRole.Assistant, contents) { MessageId = _id, CreatedAt = createdAt, RawRepresentation = answer };
        return new ChatResponse(message)
        {
            ResponseId = _id,
            CreatedAt = createdAt,
            ModelId = modelId,
            FinishReason = ToFinishReason(answer.FinishReason),
            Usage = ToUsage(answer.Usage),
            RawRepresentation = answer,
        };
    }

    /// <summary>One update of a streamed response. The last one has the citations, the usage, and the answer for the next turn.</summary>
    public ChatResponseUpdate ToUpdate(RagRequest request, RagUpdate update)
    {
        List<AIContent> contents = [.. Thoughts(update.Reasoning)];
        if (update.Text.Length > 0)
            contents.Add(new TextContent(update.Text));
        if (update.Answer is { } answer)
        {
            // Joined updates keep a content with annotations, or without text, as it is.
            if (answer.Citations.Count > 0)
                contents.Add(new TextContent("") { Annotations = ChatCitations.Of(request, answer) });
            contents.Add(new AIContent { RawRepresentation = answer });
            contents.Add(new UsageContent(ToUsage(answer.Usage)));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = _id,
            MessageId = _id,
            CreatedAt = createdAt,
            ModelId = modelId,
            FinishReason = update.Answer is { } ended ? ToFinishReason(ended.FinishReason) : null,
            RawRepresentation = update,
        };
    }

    /// <summary>Reads a turn. The answer itself is used if a message still has it; otherwise its text and its citations.</summary>
    /// <param name="question">The question.</param>
    /// <param name="messages">The messages that answered it.</param>
    public static RagTurn ToTurn(string question, IReadOnlyList<ChatMessage> messages)
    {
        string text = string.Join("\n\n", messages.Select(message => message.Text));
        IEnumerable<object?> kept =
            messages.Select(message => message.RawRepresentation).Concat(messages.SelectMany(message => message.Contents).Select(content => content.RawRepresentation));
        if (kept.OfType<RagAnswer>().FirstOrDefault(answer => answer.Text == text) is { } known)
            return RagTurn.From(known) with { Question = question };
        return new RagTurn(question, text) { Passages = ChatCitations.ReadPassages(messages.SelectMany(message => message.Contents)) };
    }

    private IEnumerable<AIContent> Thoughts(string text) => showsReasoning && text.Length > 0 ? [new TextReasoningContent(text)] : [];

    // A limit also ends most answers that end within a thought. No passage is an ordinary answer, which says so.
    private static ChatFinishReason ToFinishReason(RagFinishReason reason) =>
        reason is RagFinishReason.Length or RagFinishReason.Reasoning ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static UsageDetails ToUsage(RagUsage usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        CachedInputTokenCount = usage.CachedTokens,
        OutputTokenCount = usage.GeneratedTokens,
        ReasoningTokenCount = usage.ReasoningTokens,
        TotalTokenCount = usage.PromptTokens + usage.GeneratedTokens,
    };
}
