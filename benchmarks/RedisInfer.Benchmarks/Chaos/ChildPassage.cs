namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A passage of an answer, as a child reports it.</summary>
/// <param name="Path">Path of its document.</param>
/// <param name="StartLine">First line, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Text">Its text.</param>
internal sealed record ChildPassage(string Path, int StartLine, int EndLine, string Text);
