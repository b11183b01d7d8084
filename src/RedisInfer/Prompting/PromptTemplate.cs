using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// The parts of a prompt that do not depend on the question, tokenized once: everything before the first passage, and everything after the
/// question. Between them is only text from documents and users. It is tokenized with special tokens off, so that it cannot pose as a turn
/// of the conversation.
/// </summary>
internal sealed class PromptTemplate
{
    // Placeholder for the user's turn while the chat template is rendered. The rendered text is cut there. Printable, because templates may
    // trim white space and control characters.
    private const string UserContentMark = "@@redisinfer-user-content@@";
    private const string PassagesHeading = "Context:\n\n";

    // Qwen3 and similar models are trained to see this if they should answer without thinking first.
    private const string NoThinking = "<think>\n\n</think>\n\n";
    private const string ThinkingSwitch = "enable_thinking";

    private PromptTemplate(int[] head, int[] tail)
    {
        Head = head;
        Tail = tail;
    }

    /// <summary>Tokens up to the first passage.</summary>
    public ReadOnlyMemory<int> Head { get; }

    /// <summary>Tokens after the question, up to where the answer begins.</summary>
    public ReadOnlyMemory<int> Tail { get; }

    public static PromptTemplate Create(IInferenceModel model, string systemPrompt, bool enableThinking)
    {
        string rendered = model.ApplyChatTemplate(
            [new ChatTurn("system", systemPrompt), new ChatTurn("user", UserContentMark)],
            addAssistantHeader: true);
        string[] parts = rendered.Split(UserContentMark);
        if (parts.Length != 2)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"The chat template of '{model.Info.Path}' renders the user's turn {parts.Length - 1} times instead of once. "
                + "Use a model with an ordinary chat template.");
        }

        string tail = parts[1];
        if (!enableThinking && model.Info.ChatTemplate?.Contains(ThinkingSwitch, StringComparison.Ordinal) == true)
        {
            tail += NoThinking;
        }

        ITokenizer tokenizer = model.Tokenizer;
        int[] head = [.. tokenizer.LeadingTokens.Span, .. tokenizer.Tokenize(parts[0] + PassagesHeading, parseSpecial: true)];
        return new PromptTemplate(head, tokenizer.Tokenize(tail, parseSpecial: true));
    }
}
