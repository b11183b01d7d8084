namespace ConsoleDemo;

/// <summary>A question of a file.</summary>
/// <param name="Question">The question.</param>
/// <param name="Paths">The documents that answer it, empty if none does; <see langword="null"/> if the file does not say.</param>
internal sealed record AskedQuestion(string Question, IReadOnlyList<string>? Paths);
