using System.Text;
using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>Rules of objects. Properties are in the order of the schema; others follow if the schema names them or allows any.</summary>
/// <param name="grammar">Gets the rules.</param>
/// <param name="strings">Rules of strings.</param>
/// <param name="marks">Marks between values.</param>
/// <param name="valueOf">The rule of a value for which all of some parts hold.</param>
internal sealed class ObjectRules(
    GrammarBuilder grammar, JsonStrings strings, JsonMarks marks, Func<IReadOnlyList<SchemaPart>, Rule> valueOf)
{
    // Each name is looked up in each part.
    private const int MaxNames = 1000;

    // Characters that a name has without an escape.
    private static readonly CharSet Plain = CharSet.Of((' ', '!'), ('#', '['), (']', 0x10FFFF));

    /// <summary>Makes the rule of an object.</summary>
    /// <param name="view">What holds for it.</param>
    public Rule Make(SchemaView view)
    {
        HashSet<string> required = Required(view);
        List<string> names = [.. view.All("properties").SelectMany(EntriesOf).Select(entry => entry.Name).Concat(required).Distinct(StringComparer.Ordinal)];
        if (names.Count > MaxNames)
        {
            throw SchemaErrors.At(view.First("properties", "required")!.Value.Pointer, $"is of an object with {names.Count} names: use at most {MaxNames}");
        }

        SchemaPart[] others = [.. view.All("additionalProperties")];
        bool isOpen = others.Length > 0 || names.Count == 0;
        (Rule First, Rule Next) rest = isOpen ? Others(valueOf(others), names) : (grammar.NewRule([]), grammar.NewRule([]));
        for (int i = names.Count - 1; i >= 0 && !grammar.IsTooLarge; i--)
        {
            Symbol[] property = [strings.Quoted(names[i].Length > 0 ? [strings.Exactly(names[i])] : []), marks.Colon, valueOf(PartsOf(view, names[i]))];
            Rule first = grammar.NewRule([.. property, rest.Next]), next = grammar.NewRule([marks.Comma, .. property, rest.Next]);
            if (!required.Contains(names[i]))
            {
                grammar.Add(first, [rest.First]);
                grammar.Add(next, [rest.Next]);
            }

            rest = (first, next);
        }

        Rule whole = grammar.NewRule(isContainer: true);
        grammar.Add(whole, [grammar.Literal("{"), rest.First, grammar.Literal("}")]);
        return whole;
    }

    private static IEnumerable<(string Name, SchemaPart Part)> EntriesOf(SchemaPart properties) =>
        properties.Element.ValueKind == JsonValueKind.Object
            ? properties.Entries : throw SchemaErrors.At(properties.Pointer, "is no object: write one with a schema for each name");

    private static HashSet<string> Required(SchemaView view)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (SchemaPart list in view.All("required"))
        {
            if (list.Element.ValueKind != JsonValueKind.Array || list.Items.Any(item => item.Element.ValueKind != JsonValueKind.String))
            {
                throw SchemaErrors.At(list.Pointer, "is no array of names: write one");
            }

            names.UnionWith(list.Items.Select(item => item.Element.GetString()!));
        }

        return names;
    }

    private static List<SchemaPart> PartsOf(SchemaView view, string name)
    {
        List<SchemaPart> parts = [];
        foreach (SchemaPart part in view.Parts)
        {
            SchemaPart? own = part.Get("properties")?.Get(name) ?? part.Get("additionalProperties");
            parts.AddRange(own is { } found ? [found] : []);
        }

        return parts;
    }

    /// <summary>Any number of properties with other names.</summary>
    private (Rule First, Rule Next) Others(Rule value, List<string> names)
    {
        Rule pair = grammar.NewRule([grammar.Literal("\""), NameOtherThan(names), grammar.Literal("\""), marks.Colon, value]);
        var more = new Repeat(grammar.NewRule([marks.Comma, pair]), 0, Repeat.NoLimit);
        Rule first = grammar.NewRule([]);
        grammar.Add(first, [pair, more]);
        return (first, grammar.NewRule([more]));
    }

    /// <summary>A name that is not one of some others. Each character decides which of them it may still become.</summary>
    private Rule NameOtherThan(List<string> names)
    {
        var anything = new Repeat(strings.Class(Plain), 0, Repeat.NoLimit);
        Rule root = grammar.NewRule();
        var open = new Queue<(Rule Rule, int Length, List<Rune[]> Names)>();
        open.Enqueue((root, 0, [.. names.Where(name => name.EnumerateRunes().All(IsPlain)).Select(name => name.EnumerateRunes().ToArray())]));
        while (open.TryDequeue(out (Rule Rule, int Length, List<Rune[]> Names) node) && !grammar.IsTooLarge)
        {
            var next = node.Names.Where(name => name.Length > node.Length).GroupBy(name => name[node.Length]).ToList();
            if (node.Length > 0 && node.Names.TrueForAll(name => name.Length != node.Length))
            {
                grammar.Add(node.Rule, []);
            }

            CharSet different = Plain.And(CharSet.Of(next.Select(group => (group.Key.Value, group.Key.Value))).Complement());
            grammar.Add(node.Rule, [strings.Class(different), anything]);
            foreach (IGrouping<Rune, Rune[]> group in next)
            {
                Rule child = grammar.NewRule();
                grammar.Add(node.Rule, [strings.Exactly(group.Key.ToString()), child]);
                open.Enqueue((child, node.Length + 1, [.. group]));
            }
        }

        return root;
    }

    private static bool IsPlain(Rune rune) => Plain.Ranges.Any(range => range.First <= rune.Value && rune.Value <= range.Last);
}
