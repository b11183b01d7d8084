namespace Samples.Common;

/// <summary>Unlike <see cref="Progress{T}"/>, reports synchronously and in order. The samples have no thread to return to.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
