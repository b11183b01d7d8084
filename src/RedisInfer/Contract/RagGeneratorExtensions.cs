using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RedisInfer;

/// <summary>Typed answers for types that are read by reflection.</summary>
public static class RagGeneratorExtensions
{
    private static JsonSerializerOptions? _default;

    /// <summary>
    /// Answers a question with a value. As <see cref="IRagGenerator.GenerateAsync{T}"/>, for types without source-generated metadata.
    /// </summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="generator">The generator.</param>
    /// <param name="request">The question and its settings.</param>
    /// <param name="options">
    /// How the value is written in JSON. Keep the options: the schema is computed once for them. <see langword="null"/>: names in camel case,
    /// enums by name.
    /// </param>
    /// <param name="cancellationToken">Cancels the request and frees its resources.</param>
    /// <returns>The value, its citations and the answer.</returns>
    [RequiresUnreferencedCode("Reads the type by reflection. Use the overload with JsonTypeInfo in a trimmed host.")]
    [RequiresDynamicCode("Reads the type by reflection. Use the overload with JsonTypeInfo in a host that is compiled ahead of time.")]
    public static Task<RagAnswer<T>> GenerateAsync<T>(
        this IRagGenerator generator, RagRequest request, JsonSerializerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        options ??= _default ??= MakeDefault();
        options.MakeReadOnly(populateMissingResolver: true);
        return generator.GenerateAsync(request, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)), cancellationToken);
    }

    [RequiresDynamicCode("JsonStringEnumConverter makes converters at run time.")]
    private static JsonSerializerOptions MakeDefault() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };
}
