namespace RedisInfer.Grammars.Schemas;

/// <summary>Rules of arrays.</summary>
/// <param name="grammar">Gets the rules.</param>
/// <param name="marks">Marks between values.</param>
/// <param name="valueOf">The rule of a value for which all of some parts hold.</param>
internal sealed class ArrayRules(GrammarBuilder grammar, JsonMarks marks, Func<IReadOnlyList<SchemaPart>, Rule> valueOf)
{
    // Each place is looked up in each part.
    private const int MaxPlaces = 200;

    /// <summary>Makes the rule of an array.</summary>
    /// <param name="view">What holds for it.</param>
    public Rule Make(SchemaView view)
    {
        Rule array = grammar.NewRule(isContainer: true);
        int min = view.Count("minItems", Math.Max, 0), max = view.Count("maxItems", Math.Min, Repeat.NoLimit);
        int prefix = Math.Min(max, view.All("prefixItems").Select(CountPlaces).DefaultIfEmpty(0).Max());
        if (min > max)
        {
            return array;
        }

        Rule rest = valueOf(PartsAt(view, int.MaxValue));
        List<Symbol> symbols = [grammar.Literal("[")];
        for (int i = 0; i < prefix; i++)
        {
            symbols.AddRange(i > 0 ? [marks.Comma, valueOf(PartsAt(view, i))] : [valueOf(PartsAt(view, i))]);
        }

        if (prefix == 0)
        {
            if (min == 0)
            {
                grammar.Add(array, [grammar.Literal("[]")]);
            }

            symbols.Add(rest);
        }

        int before = Math.Max(1, prefix);
        if (max >= before)
        {
            int most = max == Repeat.NoLimit ? max : max - before;
            grammar.Add(array, [.. symbols, new Repeat(grammar.NewRule([marks.Comma, rest]), Math.Max(0, min - before), most), grammar.Literal("]")]);
        }

        return array;
    }

    private static int CountPlaces(SchemaPart prefix)
    {
        int count = SchemaResolver.ItemsOf(prefix).Count;
        return count <= MaxPlaces ? count : throw SchemaErrors.At(prefix.Pointer, $"has {count} places: use at most {MaxPlaces}");
    }

    private static List<SchemaPart> PartsAt(SchemaView view, int index)
    {
        List<SchemaPart> parts = [];
        foreach (SchemaPart part in view.Parts)
        {
            if (part.Get("prefixItems") is { } prefix && SchemaResolver.ItemsOf(prefix) is var items && index < items.Count)
            {
                parts.Add(items[index]);
            }
            else if (part.Get("items") is { } rest)
            {
                parts.Add(rest);
            }
        }

        return parts;
    }
}
