using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>
/// Proves that no value satisfies two alternatives of <c>oneOf</c>: their types differ, or their values, or the value of a property that both
/// require.
/// </summary>
internal static class Disjointness
{
    private const long MaxComparisons = 1_000_000;

    /// <summary>Throws if there is no proof.</summary>
    /// <param name="resolver">Follows references.</param>
    /// <param name="common">What holds for all alternatives.</param>
    /// <param name="branches">The alternatives.</param>
    /// <exception cref="ArgumentException">Two alternatives may allow the same value.</exception>
    public static void ThrowIfNot(SchemaResolver resolver, IReadOnlyList<SchemaPart> common, IReadOnlyList<SchemaPart> branches)
    {
        var views = branches.Select(branch => resolver.Join([.. common, branch])).Select(parts => parts is null ? null : new SchemaView(parts)).ToList();
        long comparisons = 0;
        for (int i = 0; i < views.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                comparisons += 1 + ((long)(views[i]?.Values()?.Count ?? 0) * (views[j]?.Values()?.Count ?? 0));
                if (comparisons > MaxComparisons)
                {
                    throw SchemaErrors.At(branches[i].Pointer, "is one of too many alternatives to compare with each other: use 'anyOf'");
                }

                if (views[i] is { } one && views[j] is { } other && !Are(resolver, one, other))
                {
                    throw SchemaErrors.At(
                        branches[i].Pointer,
                        $"may allow the same value as alternative {j}: use 'anyOf', or give each alternative a required property with a 'const' of its own");
                }
            }
        }
    }

    private static bool Are(SchemaResolver resolver, SchemaView one, SchemaView other)
    {
        JsonTypes types = TypesOf(one) & TypesOf(other);
        return types == JsonTypes.None
            || (one.Values() is { } values && other.Values() is { } others && !values.Any(value => others.Any(o => JsonElement.DeepEquals(value, o))))
            || (types == JsonTypes.Object && RequiredOf(one).Intersect(RequiredOf(other)).Any(name => Differ(resolver, one, other, name)));
    }

    // Types that are only hinted at do not exclude others.
    private static JsonTypes TypesOf(SchemaView view) => view.Values() is { } values
        ? values.Aggregate(JsonTypes.None, (sum, value) => sum | SchemaView.TypeOf(value))
        : view.All("type").Any() ? view.Types() : JsonTypes.All;

    private static IEnumerable<string?> RequiredOf(SchemaView view) =>
        view.All("required").Where(list => list.Element.ValueKind == JsonValueKind.Array)
            .SelectMany(list => list.Items).Where(item => item.Element.ValueKind == JsonValueKind.String).Select(item => item.Element.GetString());

    private static bool Differ(SchemaResolver resolver, SchemaView one, SchemaView other, string? name)
    {
        IReadOnlyList<JsonElement>? ValuesIn(SchemaView view) =>
            resolver.Join(view.All("properties").Select(part => part.Get(name!)).OfType<SchemaPart>()) is { } parts ? new SchemaView(parts).Values() : [];

        return ValuesIn(one) is { } values && ValuesIn(other) is { } others
            && !values.Any(value => others.Any(o => JsonElement.DeepEquals(value, o)));
    }
}
