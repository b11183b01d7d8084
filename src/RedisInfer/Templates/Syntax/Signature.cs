namespace RedisInfer.Templates.Syntax;

/// <summary>What a macro, or the body of a call block, takes and does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Its parameters, with their defaults.</param>
/// <param name="Body">What it prints.</param>
/// <param name="Uses">The names that its body uses.</param>
internal sealed record Signature(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Uses);
