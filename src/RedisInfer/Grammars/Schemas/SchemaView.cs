using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>What all joined parts say about one value.</summary>
/// <param name="Parts">Objects with keywords that all hold.</param>
internal sealed record SchemaView(IReadOnlyList<SchemaPart> Parts)
{
    // A schema without a type that has one of these is meant for that type.
    private static readonly (string Keyword, JsonTypes Type)[] Hints =
    [
        ("properties", JsonTypes.Object), ("required", JsonTypes.Object), ("additionalProperties", JsonTypes.Object),
        ("items", JsonTypes.Array), ("prefixItems", JsonTypes.Array), ("minItems", JsonTypes.Array), ("maxItems", JsonTypes.Array),
        ("minLength", JsonTypes.String), ("maxLength", JsonTypes.String), ("pattern", JsonTypes.String), ("format", JsonTypes.String),
        ("minimum", JsonTypes.Number), ("maximum", JsonTypes.Number),
        ("exclusiveMinimum", JsonTypes.Number), ("exclusiveMaximum", JsonTypes.Number),
    ];

    /// <summary>The first keyword with alternatives: <c>anyOf</c> or <c>oneOf</c>; <see langword="null"/>: none.</summary>
    public SchemaPart? Union => All("anyOf").Concat(All("oneOf")).Cast<SchemaPart?>().FirstOrDefault();

    /// <summary>The values of a keyword in all parts.</summary>
    /// <param name="keyword">The keyword.</param>
    public IEnumerable<SchemaPart> All(string keyword) => Parts.Select(part => part.Get(keyword)).OfType<SchemaPart>();

    /// <summary>The first of some keywords that is there; <see langword="null"/>: none.</summary>
    /// <param name="keywords">The keywords.</param>
    public SchemaPart? First(params ReadOnlySpan<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            foreach (SchemaPart part in All(keyword))
            {
                return part;
            }
        }

        return null;
    }

    /// <summary>The parts without one keyword with alternatives.</summary>
    /// <param name="union">The keyword.</param>
    public IEnumerable<SchemaPart> Without(SchemaPart union) => Parts.Select(part =>
        union.Pointer == part.Pointer + "/anyOf" ? part with { WithoutUnion = "anyOf" }
        : union.Pointer == part.Pointer + "/oneOf" ? part with { WithoutUnion = "oneOf" } : part);

    /// <summary>The types that the value may have.</summary>
    public JsonTypes Types()
    {
        JsonTypes types = JsonTypes.All;
        bool isGiven = false;
        foreach (SchemaPart part in All("type"))
        {
            types &= part.Element.ValueKind == JsonValueKind.Array
                ? part.Items.Aggregate(JsonTypes.None, (sum, item) => sum | TypeOf(item))
                : TypeOf(part);
            isGiven = true;
        }

        JsonTypes hinted = Hints.Where(hint => All(hint.Keyword).Any()).Aggregate(JsonTypes.None, (sum, hint) => sum | hint.Type);
        return isGiven || hinted == JsonTypes.None ? types : hinted;
    }

    /// <summary>The values that <c>const</c> and <c>enum</c> leave; <see langword="null"/> if there is neither.</summary>
    public IReadOnlyList<JsonElement>? Values()
    {
        List<JsonElement>? values = null;
        foreach (IReadOnlyList<JsonElement> list in All("const").Select(part => (IReadOnlyList<JsonElement>)[part.Element])
            .Concat(All("enum").Select(part => SchemaResolver.ItemsOf(part).Select(item => item.Element).ToList())))
        {
            values = values is null ? [.. list] : values.FindAll(value => list.Any(other => JsonElement.DeepEquals(value, other)));
        }

        JsonTypes types = Types();
        return values?.FindAll(value => (TypeOf(value) & types) != 0);
    }

    /// <summary>The type of a value.</summary>
    public static JsonTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Number => value.TryGetDecimal(out decimal number) && decimal.Truncate(number) == number ? JsonTypes.Integer : JsonTypes.Fraction,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        _ => JsonTypes.Object,
    };

    /// <summary>A bound that is a whole number, such as <c>minLength</c>, over all parts.</summary>
    /// <param name="keyword">The keyword.</param>
    /// <param name="join">Which of two bounds holds.</param>
    /// <param name="none">If there is none.</param>
    public int Count(string keyword, Func<int, int, int> join, int none)
    {
        int bound = none;
        foreach (SchemaPart part in All(keyword))
        {
            if (!TryDecimal(part.Element, out decimal value) || value < 0 || decimal.Truncate(value) != value)
            {
                throw SchemaErrors.At(part.Pointer, "is no count: write a whole number of 0 or more");
            }

            bound = join(bound, (int)Math.Min(value, Repeat.NoLimit));
        }

        return bound;
    }

    /// <summary>A bound of numbers over all parts.</summary>
    /// <param name="keyword">The keyword.</param>
    /// <param name="sign">1 for a lower bound, -1 for an upper bound.</param>
    /// <returns>The bound; <see langword="null"/> if there is none, or one that no number of 18 digits reaches.</returns>
    public decimal? Bound(string keyword, int sign)
    {
        decimal? bound = null;
        foreach (SchemaPart part in All(keyword))
        {
            if (part.Element.ValueKind != JsonValueKind.Number)
            {
                throw SchemaErrors.At(part.Pointer, "is no number: write one");
            }

            bool isKnown = TryDecimal(part.Element, out decimal value) && Math.Abs(value) <= JsonNumbers.LargestBound;
            if (!isKnown && Math.Sign(part.Element.GetDouble()) == sign)
            {
                throw SchemaErrors.At(part.Pointer, $"is out of reach: write a bound between -{JsonNumbers.LargestBound:0} and {JsonNumbers.LargestBound:0}");
            }

            if (isKnown && JsonNumbers.DecimalsOf(value) > JsonNumbers.MaxDecimals)
            {
                throw SchemaErrors.At(part.Pointer, $"has too many decimals: write at most {JsonNumbers.MaxDecimals}");
            }

            bound = !isKnown ? bound : bound is { } other ? sign * Math.Max(sign * other, sign * value) : value;
        }

        return bound;
    }

    private static bool TryDecimal(JsonElement element, out decimal value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out value);
    }

    private static JsonTypes TypeOf(SchemaPart part) => (part.Element.ValueKind == JsonValueKind.String ? part.Element.GetString() : null) switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        _ => throw SchemaErrors.At(part.Pointer, "is no type: write null, boolean, integer, number, string, array or object"),
    };
}
