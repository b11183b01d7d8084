using System.Collections;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>A list that reports each read of an element, so that a test can act at a certain point of a write.</summary>
internal sealed class ObservedList<T>(IReadOnlyList<T> items, Action<int> onRead) : IReadOnlyList<T>
{
    public int Count => items.Count;

    public T this[int index]
    {
        get
        {
            onRead(index);
            return items[index];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < items.Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
