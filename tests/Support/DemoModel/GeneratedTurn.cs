namespace RedisInfer.Tests.Support.DemoModel;

/// <summary>An earlier turn of a generated case.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer with its citation.</param>
/// <param name="Passages">Number of passages of the case up to this turn.</param>
public sealed record GeneratedTurn(string Question, string Answer, int Passages);
