using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Templates;
using RedisInfer.Templates.Values;

namespace RedisInfer.Prompting;

/// <summary>Renders conversations in the form of a model. Immutable.</summary>
internal sealed class ConversationRenderer
{
    private readonly ChatFormat _format;
    private readonly ChatTemplate? _template;
    private readonly Func<IReadOnlyList<ChatTurn>, string> _renderWithoutTemplate;

    private ConversationRenderer(ChatFormat format, Func<IReadOnlyList<ChatTurn>, string> renderWithoutTemplate)
    {
        _format = format;
        _renderWithoutTemplate = renderWithoutTemplate;
        try
        {
            _template = format.Template is { } source ? ChatTemplate.Parse(source) : null;
        }
        catch (TemplateException error)
        {
            throw Unusable(error);
        }
    }

    /// <summary>Path of the model, which errors name.</summary>
    public string Path => _format.Path;

    /// <summary>Parses the template of a model. A model without one renders conversations itself.</summary>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the template cannot be parsed.
    /// </exception>
    public static ConversationRenderer Of(IInferenceModel model) => new(
        model.Info.ChatFormat, turns => model.ApplyChatTemplate(turns, addAssistantHeader: true));

    /// <summary>Parses a template.</summary>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: there is no template, or it cannot be parsed.
    /// </exception>
    public static ConversationRenderer Of(ChatFormat format) => new(format, _ => throw format.NoTemplate());

    /// <summary>The error of a template that fails.</summary>
    public RedisInferException Unusable(TemplateException error) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"The chat template of '{Path}' cannot be used. Line {error.Line}: {error.Message}. Use a model file with a corrected "
        + "template ('tokenizer.chat_template'), or another model.",
        error);

    /// <summary>Renders a conversation up to where the model's answer begins.</summary>
    /// <param name="turns">The turns, oldest first.</param>
    /// <param name="enableThinking">Whether the model may think before it answers.</param>
    /// <param name="today">The date, for a template that asks for it.</param>
    /// <returns>The text, and whether the template asked for the date.</returns>
    /// <exception cref="TemplateException">The template fails, or refuses the conversation.</exception>
    public (string Text, bool UsesDate) Render(IReadOnlyList<ChatTurn> turns, bool enableThinking, DateOnly today)
    {
        if (_template is null)
            return (_renderWithoutTemplate(turns), false);
        bool usesDate = false;
        var budget = new Budget();
        var messages = new List<object?>();
        foreach (ChatTurn turn in turns)
        {
            var message = new TemplateDict();
            message.Set("role", turn.Role, budget);
            message.Set("content", turn.Content, budget);
            messages.Add(message);
        }

        // Templates know the switch for thoughts under one of two names. Tools and documents are none, as in the models' own library.
        Dictionary<string, object?> variables = new()
        {
            ["messages"] = messages,
            ["add_generation_prompt"] = true,
            ["bos_token"] = _format.BeginOfText,
            ["eos_token"] = _format.EndOfText,
            ["tools"] = null,
            ["documents"] = null,
            ["enable_thinking"] = enableThinking,
            ["thinking"] = enableThinking,
        };
        string text = _template.Render(variables, () =>
        {
            usesDate = true;
            return new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        });
        return (text, usesDate);
    }
}
