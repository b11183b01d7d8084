using System.Text;
using Microsoft.Extensions.AI;

namespace RedisInfer.Extensions;

/// <summary>The messages of a chat as a question, the turns before it, and instructions.</summary>
/// <param name="Question">The question: the user messages at the end.</param>
/// <param name="History">The turns before it, oldest first.</param>
/// <param name="Instructions">The system messages.</param>
internal sealed record ChatConversation(string Question, IReadOnlyList<RagTurn> History, string Instructions)
{
    /// <summary>
    /// Reads messages. User messages that follow each other are one question, and so are the answers. An answer without a question before it,
    /// such as a greeting, is left out.
    /// </summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="leaveOut">Called with the name of what is left out.</param>
    /// <exception cref="ArgumentException">The last message is no question in text.</exception>
    public static ChatConversation Read(IEnumerable<ChatMessage> messages, Action<string> leaveOut)
    {
        var history = new List<RagTurn>();
        var instructions = new StringBuilder();
        var question = new StringBuilder();
        List<ChatMessage> answers = [];
        ChatMessage? last = null;
        foreach (ChatMessage message in messages)
        {
            if (message.Role == ChatRole.System)
            {
                Append(instructions, message.Text);
                continue;
            }

            last = message;
            if (message.Role == ChatRole.User)
            {
                EndTurn();
                Append(question, message.Text);
            }
            else if (message.Role != ChatRole.Assistant)
            {
                leaveOut($"a message of the role '{message.Role}'");
            }
            else if (question.Length > 0 && !string.IsNullOrWhiteSpace(message.Text))
            {
                answers.Add(message);
            }

            if (message.Role == ChatRole.Assistant && message.Contents.Any(IsMoreThanText))
                leaveOut("content other than text in an earlier answer");
        }

        ThrowIfNoQuestion(last);
        return new ChatConversation(question.ToString(), [.. history.TakeLast(RagRequest.MaxHistoryTurns)], instructions.ToString());

        void EndTurn()
        {
            if (answers.Count == 0)
                return;
            history.Add(ChatAnswer.ToTurn(question.ToString(), answers));
            question.Clear();
            answers = [];
        }
    }

    // A bare content only keeps the answer for the next turn.
    private static bool IsMoreThanText(AIContent content) =>
        content is not (TextContent or TextReasoningContent or UsageContent) && content.GetType() != typeof(AIContent);

    private static void ThrowIfNoQuestion(ChatMessage? last)
    {
        if (last?.Role != ChatRole.User)
        {
            throw new ArgumentException(
                last is null
                    ? "There is no message of a user: end with a question."
                    : $"The last message has the role '{last.Role}': end with the question of the user.",
                "messages");
        }

        if (last.Contents.FirstOrDefault(content => content is not TextContent) is { } other)
            throw new ArgumentException($"The question has content of the type {other.GetType().Name}: only text can be asked.", "messages");
        if (string.IsNullOrWhiteSpace(last.Text))
            throw new ArgumentException("The last message has no text: set it to a question.", "messages");
    }

    private static void Append(StringBuilder texts, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return;
        if (texts.Length > 0)
            texts.Append("\n\n");
        texts.Append(text);
    }
}
