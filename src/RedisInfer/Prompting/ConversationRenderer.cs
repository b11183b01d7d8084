using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Templates;
using RedisInfer.Templates.Values;

namespace RedisInfer.Prompting;

/// <summary>Renders conversations with a model's chat template. Immutable.</summary>
internal sealed class ConversationRenderer
{
    private readonly IInferenceModel _model;
    private readonly ChatTemplate? _template;

    private ConversationRenderer(IInferenceModel model, ChatTemplate? template)
    {
        _model = model;
        _template = template;
    }

    /// <summary>Parses the template of a model.</summary>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ModelNotLoadable"/>: the template cannot be parsed.
    /// </exception>
    public static ConversationRenderer Of(IInferenceModel model)
    {
        try
        {
            return new ConversationRenderer(model, model.Info.ChatTemplate is { } source ? ChatTemplate.Parse(source) : null);
        }
        catch (TemplateException error)
        {
            throw Unusable(model, error);
        }
    }

    /// <summary>The error of a template that fails.</summary>
    public static RedisInferException Unusable(IInferenceModel model, TemplateException error) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"The chat template of '{model.Info.Path}' cannot be used. Line {error.Line}: {error.Message}. Use a model file with a corrected "
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
            return (_model.ApplyChatTemplate(turns, addAssistantHeader: true), false);
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
            ["bos_token"] = _model.Info.BeginOfText,
            ["eos_token"] = _model.Info.EndOfText,
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
