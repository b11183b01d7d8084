namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Key-value pairs in the order in which they are written. A value is a number, a bool, a string, or an array of one of these.
/// Its .NET type determines its GGUF type.
/// </summary>
public sealed class GgufMetadata
{
    private readonly List<KeyValuePair<string, object>> _entries = [];

    public IReadOnlyList<KeyValuePair<string, object>> Entries => _entries;

    /// <summary>Adds a pair, or replaces a value in place. A test can thus make exactly one point of a model wrong.</summary>
    public GgufMetadata Set(string key, object value)
    {
        var entry = KeyValuePair.Create(key, value);
        int index = _entries.FindIndex(e => e.Key == key);
        if (index < 0)
            _entries.Add(entry);
        else
            _entries[index] = entry;
        return this;
    }

    /// <summary>Takes a pair out.</summary>
    public void Remove(string key) => _entries.RemoveAll(e => e.Key == key);

    public T Get<T>(string key) => (T)_entries.Single(e => e.Key == key).Value;
}
