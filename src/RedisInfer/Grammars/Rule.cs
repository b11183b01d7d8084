namespace RedisInfer.Grammars;

/// <summary>One of several alternatives. Rules may refer to each other in circles, but never to themselves before a first byte.</summary>
/// <param name="index">Its number among the rules of the grammar.</param>
/// <param name="isContainer">Whether it is an object or an array, whose nesting is limited.</param>
internal sealed class Rule(int index, bool isContainer) : Symbol
{
    /// <summary>Its number among the rules of the grammar.</summary>
    public int Index => index;

    /// <summary>Whether it is an object or an array.</summary>
    public bool IsContainer => isContainer;

    /// <summary>The alternatives; none if it matches nothing.</summary>
    public List<Alternative> Alternatives { get; } = [];
}
