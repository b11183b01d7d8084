namespace RedisInfer.Templates.Syntax;

/// <summary>The arguments of a call as written.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
/// <param name="Spread">A list that gives more positions: <c>*list</c>.</param>
/// <param name="NamedSpread">A dictionary that gives more names: <c>**dict</c>.</param>
internal sealed record CallArguments(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Spread = null,
    Expression? NamedSpread = null)
{
    /// <summary>No arguments.</summary>
    public static CallArguments None { get; } = new([], []);
}
