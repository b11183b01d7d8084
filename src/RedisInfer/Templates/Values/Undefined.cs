namespace RedisInfer.Templates.Values;

/// <summary>What a name or an attribute that does not exist gives. It can be tested and printed; everything else is an error.</summary>
/// <param name="message">The error of using it.</param>
internal sealed class Undefined(string message)
{
    /// <summary>The error of using it.</summary>
    public TemplateException Error() => new(message);
}
