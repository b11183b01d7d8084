namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>A passage of a generated case.</summary>
/// <param name="Path">The document it comes from.</param>
/// <param name="Text">Its text.</param>
internal sealed record GeneratedPassage(string Path, string Text);
