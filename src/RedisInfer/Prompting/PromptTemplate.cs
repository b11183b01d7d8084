using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Templates.Values;

namespace RedisInfer.Prompting;

/// <summary>
/// The fixed parts of a prompt, tokenized once. Between them is only text from documents and users. It never goes through the chat template,
/// and is tokenized with special tokens off. So it cannot pose as a turn of the conversation, and a template cannot be told anything by it.
/// </summary>
internal sealed class PromptTemplate
{
    private const string PassagesHeading = "Context:\n\n";
    private const string AfterInstructions = "\n\n";

    private PromptTemplate(IReadOnlyList<TemplatePart> parts, int[] tail, ThoughtForm? openThought, DateOnly? day)
    {
        Parts = parts;
        Tail = tail;
        OpenThought = openThought;
        Day = day;
    }

    /// <summary>The parts before the last question, in order, each with what follows it.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>Tokens up to the first passage, if neither instructions nor earlier turns are before it.</summary>
    public ReadOnlyMemory<int> Head => Parts[0].BeforePassages;

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
    /// <param name="shape">What to render it for; the default is a question alone.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the template cannot be used.
    /// </exception>
    public static PromptTemplate Create(
        ConversationRenderer renderer,
        ITokenizer tokenizer,
        string systemPrompt,
        bool enableThinking,
        DateOnly today,
        PromptShape shape = default)
    {
        (string text, bool usesDate) = Render(renderer, systemPrompt, shape, turns => renderer.Render(turns, enableThinking, today));
        List<(PromptSlot Slot, string Before)> cut = Cut(renderer, text, shape, out string tail);
        ThoughtForm? openThought = ThoughtForm.OpenAtEnd(tail);
        var parts = new List<TemplatePart>();
        foreach ((PromptSlot slot, string before) in cut)
        {
            // An answer stays after what it was generated after, such as an empty thought, if that is more than the template puts there later.
            bool asGenerated = slot == PromptSlot.Answer && openThought is null && tail.StartsWith(before, StringComparison.Ordinal);
            parts.Add(new TemplatePart(
                slot,
                Tokenize(asGenerated ? tail : before, parts.Count == 0),
                slot == PromptSlot.Question ? Tokenize(before + PassagesHeading, parts.Count == 0) : default));
        }

        return new PromptTemplate(parts, tokenizer.Tokenize(tail, parseSpecial: true), openThought, usesDate ? today : null);

        int[] Tokenize(string part, bool isFirst)
        {
            int[] tokens = tokenizer.Tokenize(part, parseSpecial: true);

            // Many templates write the token for the beginning themselves.
            ReadOnlySpan<int> leading = tokenizer.LeadingTokens.Span;
            return !isFirst || tokens.AsSpan().StartsWith(leading) ? tokens : [.. leading, .. tokens];
        }
    }

    // Placeholder while the chat template is rendered. The rendered text is cut there. Printable, because templates may trim white space and
    // control characters. A template that escapes or changes a text changes this, and is refused.
    private static string Mark(PromptSlot slot, int turn) => FormattableString.Invariant($"@@RedisInfer <\"{slot} {turn}\" & 'content'>@@");

    private static List<(PromptSlot Slot, string Before)> Cut(ConversationRenderer renderer, string text, PromptShape shape, out string tail)
    {
        var marks = new List<(PromptSlot Slot, string Text, int Start)>();
        if (shape.HasInstructions)
            Find(PromptSlot.Instructions, 0, "the instructions");
        for (int turn = 0; turn < shape.EarlierTurns; turn++)
        {
            Find(PromptSlot.Question, turn, "an earlier question");
            Find(PromptSlot.Answer, turn, "an earlier answer");
        }

        Find(PromptSlot.Question, shape.EarlierTurns, "the user's turn");
        if (!IsAscending(marks.Where(mark => mark.Slot != PromptSlot.Instructions).Select(mark => mark.Start)))
            throw Unusable(renderer, "renders the turns of a conversation in another order");

        var parts = new List<(PromptSlot Slot, string Before)>();
        int end = 0;
        foreach ((PromptSlot slot, string mark, int start) in marks.OrderBy(mark => mark.Start))
        {
            parts.Add((slot, text[end..start]));
            end = start + mark.Length;
        }

        tail = text[end..];
        return parts;

        void Find(PromptSlot slot, int turn, string what)
        {
            string mark = Mark(slot, turn);
            int count = text.Split(mark).Length - 1;
            if (count != 1)
                throw Unusable(renderer, $"renders {what} {count} times instead of once, or changes its text");
            marks.Add((slot, mark, text.IndexOf(mark, StringComparison.Ordinal)));
        }
    }

    private static bool IsAscending(IEnumerable<int> numbers)
    {
        int[] all = [.. numbers];
        return all.Zip(all.Skip(1)).All(pair => pair.First < pair.Second);
    }

    private static RedisInferException Unusable(ConversationRenderer renderer, string what) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"The chat template of '{renderer.Path}' {what}. Use a model with an ordinary chat template.");

    /// <summary>
    /// Some templates refuse a system turn or leave it out. Others put it before the last question, so that no prompt of a conversation would
    /// begin like the one before. The instructions then go into the first user's turn.
    /// </summary>
    private static (string Text, bool UsesDate) Render(
        ConversationRenderer renderer,
        string systemPrompt,
        PromptShape shape,
        Func<IReadOnlyList<ChatTurn>, (string Text, bool UsesDate)> render)
    {
        string instructions = string.Join(
            AfterInstructions,
            new[] { systemPrompt, shape.HasInstructions ? Mark(PromptSlot.Instructions, 0) : "" }.Where(text => text.Length > 0));
        try
        {
            (string Text, bool UsesDate) rendered = render([new ChatTurn("system", instructions), .. Turns(shape, "")]);
            int at = rendered.Text.IndexOf(instructions.Trim(), StringComparison.Ordinal);
            int firstQuestion = rendered.Text.IndexOf(Mark(PromptSlot.Question, 0), StringComparison.Ordinal);
            if (at >= 0 && (at < firstQuestion || firstQuestion < 0))
                return rendered;
        }
        catch (TemplateException)
        {
            // If the template fails without a system turn too, the error is that one.
        }

        try
        {
            return render([.. Turns(shape, instructions.Length == 0 ? "" : instructions + AfterInstructions)]);
        }
        catch (TemplateException error)
        {
            throw renderer.Unusable(error);
        }
    }

    private static IEnumerable<ChatTurn> Turns(PromptShape shape, string beforeFirst)
    {
        for (int turn = 0; turn < shape.EarlierTurns; turn++)
        {
            yield return new ChatTurn("user", (turn == 0 ? beforeFirst : "") + Mark(PromptSlot.Question, turn));
            yield return new ChatTurn("assistant", Mark(PromptSlot.Answer, turn));
        }

        yield return new ChatTurn("user", (shape.EarlierTurns == 0 ? beforeFirst : "") + Mark(PromptSlot.Question, shape.EarlierTurns));
    }
}
