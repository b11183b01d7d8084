namespace RedisInfer.Grammars.Schemas;

/// <summary>The errors of schemas. A schema is an argument of the host, so all are <see cref="ArgumentException"/>.</summary>
internal static class SchemaErrors
{
    /// <summary>A part cannot be kept to.</summary>
    /// <param name="pointer">Its place.</param>
    /// <param name="what">What is wrong with it, as the end of a sentence that begins with its place, and what to do.</param>
    public static ArgumentException At(string pointer, string what) => new($"The JSON schema cannot be used: '{Shown(pointer)}' {what}.", "schema");

    // A name in a schema may be as long as the schema.
    private static string Shown(string pointer) => pointer.Length <= 200 ? pointer : $"{pointer[..100]}...{pointer[^80..]}";
}
