using RedisInfer.Templates.Syntax;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>A macro, or the body of a call block: a function that prints.</summary>
/// <param name="signature">Its parameters and its body.</param>
/// <param name="scope">The block that it is defined in.</param>
/// <param name="interpreter">Runs it.</param>
internal sealed class Macro(Signature signature, Scope scope, Interpreter interpreter) : ITemplateCallable
{
    private const string Caller = "caller";

    /// <summary>Its name.</summary>
    public string Name => signature.Name;

    public object? Call(Arguments arguments)
    {
        var inner = new Scope(scope);
        var left = new Dictionary<string, object?>(arguments.Named, StringComparer.Ordinal);
        Bind(arguments.Positional, left, inner);
        if (signature.Uses.Contains(Caller) && !signature.Parameters.Any(parameter => parameter.Name == Caller))
            inner.Set(Caller, left.Remove(Caller, out object? caller) ? caller : new Undefined("No caller defined"));
        if (signature.Uses.Contains("varargs"))
            inner.Set("varargs", new TemplateTuple([.. arguments.Positional.Skip(signature.Parameters.Count)]));
        else if (arguments.Positional.Count > signature.Parameters.Count)
            throw new TemplateException($"macro '{Name}' takes not more than {signature.Parameters.Count} argument(s)");
        if (signature.Uses.Contains("kwargs"))
            inner.Set("kwargs", ToDict(left));
        else if (left.Count > 0)
            throw new TemplateException($"macro '{Name}' takes no keyword argument '{left.Keys.First()}'");
        return interpreter.Capture(signature.Body, inner);
    }

    private void Bind(IReadOnlyList<object?> positional, Dictionary<string, object?> named, Scope inner)
    {
        for (int i = 0; i < signature.Parameters.Count; i++)
        {
            (string name, Syntax.Expression? otherwise) = signature.Parameters[i];
            bool isNamed = named.Remove(name, out object? value);
            if (isNamed && i < positional.Count)
                throw new TemplateException($"macro '{Name}' got multiple values for argument '{name}'");
            inner.Set(name, i < positional.Count ? positional[i]
                : isNamed ? value
                : otherwise is not null ? interpreter.Evaluate(otherwise, inner)
                : new Undefined($"parameter '{name}' was not provided"));
        }
    }

    private TemplateDict ToDict(Dictionary<string, object?> named)
    {
        var dict = new TemplateDict();
        foreach ((string name, object? value) in named)
        {
            dict.Set(name, value, interpreter.Budget);
        }

        return dict;
    }
}
