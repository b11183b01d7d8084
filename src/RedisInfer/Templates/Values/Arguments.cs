namespace RedisInfer.Templates.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="Function">The name of the function, for errors.</param>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
internal sealed record Arguments(string Function, IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    private string[] _names = [];

    /// <summary>No named arguments.</summary>
    public static IReadOnlyDictionary<string, object?> NoNames { get; } = new Dictionary<string, object?>();

    /// <summary>Gives the positions their names.</summary>
    /// <param name="names">All names that the function knows, in order.</param>
    /// <exception cref="TemplateException">There are more arguments, or others.</exception>
    public Arguments As(params string[] names)
    {
        if (Positional.Count > names.Length)
            throw new TemplateException($"{Function} takes at most {names.Length} arguments ({Positional.Count} given)");
        foreach (string name in Named.Keys)
        {
            int position = Array.IndexOf(names, name);
            if (position < 0)
                throw new TemplateException($"{Function} got an unexpected argument '{name}'");
            if (position < Positional.Count)
                throw new TemplateException($"{Function} got two values for '{name}'");
        }

        _names = names;
        return this;
    }

    /// <summary>Whether an argument is there.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>An argument, or a default.</summary>
    public object? Value(string name, object? otherwise) => TryGet(name, out object? value) ? value : otherwise;

    /// <summary>An argument that must be there.</summary>
    public object? Required(string name) => TryGet(name, out object? value) ? value : throw new TemplateException($"{Function} needs the argument '{name}'");

    /// <summary>A text, or a default.</summary>
    public string Text(string name, string? otherwise = null) => (TryGet(name, out object? value), otherwise) switch
    {
        (false, null) => throw new TemplateException($"{Function} needs the argument '{name}'"),
        (false, _) => otherwise,
        _ => value as string ?? throw Wrong(name, "a string", value),
    };

    /// <summary>An integer, or a default.</summary>
    public long Integer(string name, long? otherwise = null) => (TryGet(name, out object? value), otherwise) switch
    {
        (false, null) => throw new TemplateException($"{Function} needs the argument '{name}'"),
        (false, { } number) => number,
        _ => Numbers.TryInteger(value, out long given) ? given : throw Wrong(name, "an integer", value),
    };

    /// <summary>Whether an argument is true, or a default.</summary>
    public bool Flag(string name, bool otherwise) => TryGet(name, out object? value) ? ValueKinds.IsTrue(value) : otherwise;

    private bool TryGet(string name, out object? value)
    {
        int position = Array.IndexOf(_names, name);
        if (position < 0 || position >= Positional.Count)
            return Named.TryGetValue(name, out value);
        value = Positional[position];
        return true;
    }

    private TemplateException Wrong(string name, string wanted, object? value) =>
        new($"{Function}: '{name}' must be {wanted}, not '{ValueKinds.NameOf(value)}'");
}
