namespace ConsoleDemo;

/// <summary>Unlike <see cref="Progress{T}"/>, reports at once and in order: a console has no thread to go back to.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
