namespace RedisInfer.Folders;

/// <summary>The folder of a corpus under which the documents of a folder are added.</summary>
internal static class PathPrefix
{
    /// <summary>Checks a prefix.</summary>
    /// <param name="prefix">Names separated by <c>/</c>; empty: the root of the corpus.</param>
    /// <returns>The prefix with <c>/</c> at its end; empty if it is empty.</returns>
    /// <exception cref="ArgumentException">It is not a relative path of names.</exception>
    public static string Of(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length == 0)
            return "";
        string path = prefix.EndsWith('/') ? prefix[..^1] : prefix;
        return path.Split('/').All(name => name is not ("" or "." or "..") && !name.Contains('\\', StringComparison.Ordinal))
            ? path + "/"
            : throw new ArgumentException(
                $"'{prefix}' is not a prefix of paths: use names separated by '/', such as repositories/a.", nameof(prefix));
    }
}
