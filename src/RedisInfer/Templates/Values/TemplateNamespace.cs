namespace RedisInfer.Templates.Values;

/// <summary>The object of <c>namespace()</c>: names that inner blocks may assign.</summary>
internal sealed class TemplateNamespace
{
    /// <summary>The names and their values.</summary>
    public Dictionary<string, object?> Names { get; } = new(StringComparer.Ordinal);
}
