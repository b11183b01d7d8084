using RedisInfer.Templates.Syntax;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>
/// A chat template: a program in the part of Jinja that the models' own library (transformers) gives to chat templates. Immutable. A run is
/// bounded in steps, depth and text.
/// </summary>
internal sealed class ChatTemplate
{
    /// <summary>Most characters of a template. The longest in use have some twenty thousand.</summary>
    public const int MaxChars = 1_000_000;

    private readonly IReadOnlyList<Statement> _body;

    private ChatTemplate(IReadOnlyList<Statement> body) => _body = body;

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is not a template; with the line.</exception>
    public static ChatTemplate Parse(string source) => source.Length <= MaxChars
        ? new ChatTemplate(TemplateParser.Parse(source))
        : throw new TemplateException($"it has {source.Length} characters; at most {MaxChars} are allowed", 1);

    /// <summary>Renders the template.</summary>
    /// <param name="variables">
    /// Its variables: <see langword="null"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>,
    /// <see cref="List{T}"/> of these, <see cref="TemplateDict"/>.
    /// </param>
    /// <param name="today">The date, for templates that ask for it.</param>
    /// <exception cref="TemplateException">It fails, or refuses the conversation; with the line.</exception>
    public string Render(IEnumerable<KeyValuePair<string, object?>> variables, Func<DateTimeOffset> today)
    {
        var budget = new Budget();
        var globals = new Scope(null);
        Globals.AddTo(globals, today, budget);
        foreach ((string name, object? value) in variables)
        {
            globals.Set(name, value);
        }

        return new Interpreter(budget).Capture(_body, new Scope(globals));
    }
}
