namespace RedisInfer.Templates.Values;

/// <summary>Something that a template can call.</summary>
internal interface ITemplateCallable
{
    /// <summary>Calls it.</summary>
    /// <exception cref="TemplateException">The arguments do not fit, or it fails.</exception>
    object? Call(Arguments arguments);
}
