namespace RedisInfer.Templates.Values;

/// <summary>A template cannot be parsed, or fails while it runs.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="line">The line of the template, from 1; 0 if it is not known yet.</param>
internal sealed class TemplateException(string message, int line = 0) : Exception(message)
{
    /// <summary>The line of the template, from 1; 0 if it is not known yet. The innermost part that knows its line sets it.</summary>
    public int Line { get; set; } = line;
}
