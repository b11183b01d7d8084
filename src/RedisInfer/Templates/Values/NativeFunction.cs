namespace RedisInfer.Templates.Values;

/// <summary>A function or method that the language provides.</summary>
/// <param name="call">What it does.</param>
internal sealed class NativeFunction(Func<Arguments, object?> call) : ITemplateCallable
{
    public object? Call(Arguments arguments) => call(arguments);
}
