using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Templates.Values;

namespace RedisInfer.Prompting;

/// <summary>
/// The parts of a prompt that do not depend on the question, tokenized once: everything before the first passage, and everything after the
/// question. Between them is only text from documents and users. It never goes through the chat template, and is tokenized with special
/// tokens off. So it cannot pose as a turn of the conversation, and a template cannot be told anything by it.
/// </summary>
internal sealed class PromptTemplate
{
    // Placeholder for the user's turn while the chat template is rendered. The rendered text is cut there. Printable, because templates may
    // trim white space and control characters. A template that escapes or changes a user's text changes this, and is refused.
    private const string UserContentMark = "@@RedisInfer <\"user\" & 'content'>@@";
    private const string PassagesHeading = "Context:\n\n";
    private const string AfterInstructions = "\n\n";

    private PromptTemplate(int[] head, int[] tail, ThoughtForm? openThought, DateOnly? day)
    {
        Head = head;
        Tail = tail;
        OpenThought = openThought;
        Day = day;
    }

    /// <summary>Tokens up to the first passage.</summary>
    public ReadOnlyMemory<int> Head { get; }

    /// <summary>Tokens after the question, up to where the answer begins.</summary>
    public ReadOnlyMemory<int> Tail { get; }

    /// <summary>The form of the thought that the template opens before the answer; <see langword="null"/> if it opens none.</summary>
    public ThoughtForm? OpenThought { get; }

    /// <summary>The day that the template was rendered for; <see langword="null"/>: it has no date and is the same on every day.</summary>
    public DateOnly? Day { get; }

    /// <summary>Renders a model's chat template.</summary>
    /// <param name="renderer">Renders conversations in the form of the model.</param>
    /// <param name="tokenizer">The tokenizer of the model.</param>
    /// <param name="systemPrompt">The instructions to the model, before the passages.</param>
    /// <param name="enableThinking">Whether the model may think before it answers.</param>
    /// <param name="today">The date, for a template that asks for it.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the template cannot be used.
    /// </exception>
    public static PromptTemplate Create(
        ConversationRenderer renderer, ITokenizer tokenizer, string systemPrompt, bool enableThinking, DateOnly today)
    {
        (string text, bool usesDate) = Render(renderer, systemPrompt, turns => renderer.Render(turns, enableThinking, today));
        string[] parts = text.Split(UserContentMark);
        if (parts.Length != 2)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ModelNotLoadable,
                $"The chat template of '{renderer.Path}' renders the user's turn {parts.Length - 1} times instead of once, or changes its "
                + "text. Use a model with an ordinary chat template.");
        }

        int[] head = tokenizer.Tokenize(parts[0] + PassagesHeading, parseSpecial: true);

        // Many templates write the token for the beginning themselves.
        ReadOnlySpan<int> leading = tokenizer.LeadingTokens.Span;
        head = head.AsSpan().StartsWith(leading) ? head : [.. leading, .. head];
        return new PromptTemplate(
            head,
            tokenizer.Tokenize(parts[1], parseSpecial: true),
            ThoughtForm.OpenAtEnd(parts[1]),
            usesDate ? today : null);
    }

    /// <summary>Some templates refuse a system turn or leave it out. The instructions then go into the user's turn.</summary>
    private static (string Text, bool UsesDate) Render(
        ConversationRenderer renderer, string systemPrompt, Func<IReadOnlyList<ChatTurn>, (string Text, bool UsesDate)> render)
    {
        var user = new ChatTurn("user", UserContentMark);
        try
        {
            (string Text, bool UsesDate) rendered = render([new ChatTurn("system", systemPrompt), user]);
            if (rendered.Text.Contains(systemPrompt.Trim(), StringComparison.Ordinal))
                return rendered;
        }
        catch (TemplateException)
        {
            // If the template fails without a system turn too, the error is that one.
        }

        try
        {
            string instructions = systemPrompt.Length == 0 ? "" : systemPrompt + AfterInstructions;
            return render([user with { Content = instructions + UserContentMark }]);
        }
        catch (TemplateException error)
        {
            throw renderer.Unusable(error);
        }
    }
}
