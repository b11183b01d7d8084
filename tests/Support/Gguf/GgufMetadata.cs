namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Key-value pairs in the order they are written. A value is a number, a bool, a string, or an array of one of these; its .NET type
/// decides its GGUF type.
/// </summary>
public sealed class GgufMetadata
{
    private readonly List<KeyValuePair<string, object>> _entries = [];

    public IReadOnlyList<KeyValuePair<string, object>> Entries => _entries;

    /// <summary>Adds a pair, or replaces the value in its place, so that a model can be made wrong in exactly one point.</summary>
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

    public T Get<T>(string key) => (T)_entries.Single(e => e.Key == key).Value;
}
