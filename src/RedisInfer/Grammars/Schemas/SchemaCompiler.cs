using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>
/// Turns a JSON schema into a grammar. Each text of the grammar is valid by the schema. Not each valid value is a text of the grammar: the
/// properties of an object are in the order of the schema, and there is little white space.
/// </summary>
internal sealed class SchemaCompiler
{
    /// <summary>Most bytes of a schema.</summary>
    public const int MaxSchemaBytes = 128 * 1024;

    private const int MaxAlternatives = 200;

    // Characters of all pointers that are kept. Alternatives of alternatives multiply, and names may be long.
    private const long MaxPointers = 20_000_000;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly GrammarBuilder _grammar = new();
    private readonly SchemaResolver _resolver;
    private readonly JsonStrings _strings;
    private readonly JsonNumbers _numbers;
    private readonly ObjectRules _objects;
    private readonly ArrayRules _arrays;
    private readonly Dictionary<string, Rule> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<Rule, string> _pointers = [];
    private readonly Queue<(Rule Rule, IReadOnlyList<SchemaPart> Parts)> _open = new();

    private long _pointerLength;

    private SchemaCompiler(JsonElement root)
    {
        _resolver = new SchemaResolver(root);
        _strings = new JsonStrings(_grammar);
        _numbers = new JsonNumbers(_grammar);
        var marks = new JsonMarks(_grammar);
        _objects = new ObjectRules(_grammar, _strings, marks, Value);
        _arrays = new ArrayRules(_grammar, marks, Value);
    }

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <exception cref="ArgumentException">
    /// The schema is not valid, too large, or cannot be expressed. The message has the JSON pointer of the part.
    /// </exception>
    public static Grammar Compile(JsonElement schema)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True))
        {
            throw SchemaErrors.At("#", "is no schema: a schema is an object, or true");
        }

        int bytes = JsonMarshal.GetRawUtf8Value(schema).Length;
        if (bytes > MaxSchemaBytes)
        {
            throw SchemaErrors.At("#", $"has {bytes} bytes: use at most {MaxSchemaBytes}");
        }

        ThrowIfNotText(schema);
        return new SchemaCompiler(schema).Compile(new SchemaPart(schema, "#"));
    }

    /// <summary>An escape such as <c>\uD800</c> is valid JSON, but half of a character is no text.</summary>
    private static void ThrowIfNotText(JsonElement schema)
    {
        var open = new Stack<JsonElement>([schema]);
        try
        {
            while (open.TryPop(out JsonElement element))
            {
                switch (element.ValueKind)
                {
                    case JsonValueKind.String:
                        element.GetString();
                        break;
                    case JsonValueKind.Array:
                        foreach (JsonElement item in element.EnumerateArray())
                            open.Push(item);
                        break;
                    case JsonValueKind.Object:
                        foreach (JsonProperty property in element.EnumerateObject())
                        {
                            _ = property.Name;
                            open.Push(property.Value);
                        }

                        break;
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw SchemaErrors.At("#", "has a string with half of a surrogate pair: write whole characters");
        }
    }

    private Grammar Compile(SchemaPart root)
    {
        Rule rule = Value([root]);
        while (_open.TryDequeue(out (Rule Rule, IReadOnlyList<SchemaPart> Parts) next))
        {
            Fill(next.Rule, next.Parts);
            if (_grammar.IsTooLarge || _pointerLength > MaxPointers)
            {
                throw SchemaErrors.At(_pointers[next.Rule], $"makes the grammar larger than {GrammarBuilder.MaxSymbols} symbols: write a smaller schema");
            }
        }

        Grammar grammar = _grammar.Build(rule);
        if (LeftRecursion.Find(grammar, _pointers.Keys) is { } circular)
        {
            throw SchemaErrors.At(_pointers[circular], "refers to itself before a value begins: put an object or array in between");
        }

        return grammar.Nesting switch
        {
            Grammar.Never => throw SchemaErrors.At("#", "allows no value that ends: something that it requires requires itself, or allows nothing"),
            > Grammar.MaxNesting => throw SchemaErrors.At("#", $"requires over {Grammar.MaxNesting} objects and arrays within each other"),
            _ => grammar,
        };
    }

    /// <summary>The rule of a value for which all of some parts hold. It is filled later, so schemas may be as deep as they like.</summary>
    private Rule Value(IReadOnlyList<SchemaPart> parts)
    {
        string key = string.Join('\n', parts.Select(part => part.Key));
        if (!_values.TryGetValue(key, out Rule? rule))
        {
            _pointerLength += key.Length;
            rule = _grammar.NewRule();
            _values.Add(key, rule);
            _pointers.Add(rule, parts.Count > 0 ? parts[^1].Pointer : "#");
            _open.Enqueue((rule, parts));
        }

        return rule;
    }

    private void Fill(Rule rule, IReadOnlyList<SchemaPart> parts)
    {
        if (_resolver.Join(parts) is not { } joined)
        {
            return;
        }

        var view = new SchemaView(joined);
        if (view.Union is { } union)
        {
            AddAlternatives(rule, view, union);
        }
        else if (view.Values() is { } values)
        {
            AddValues(rule, view, values);
        }
        else
        {
            AddTypes(rule, view);
        }
    }

    private void AddAlternatives(Rule rule, SchemaView view, SchemaPart union)
    {
        IReadOnlyList<SchemaPart> branches = SchemaResolver.ItemsOf(union);
        if (branches.Count > MaxAlternatives)
        {
            throw SchemaErrors.At(union.Pointer, $"has {branches.Count} alternatives: use at most {MaxAlternatives}");
        }

        List<SchemaPart> common = [.. view.Without(union)];
        if (union.Pointer.EndsWith("/oneOf", StringComparison.Ordinal))
        {
            Disjointness.ThrowIfNot(_resolver, common, branches);
        }

        foreach (SchemaPart branch in branches)
        {
            _grammar.Add(rule, [Value([.. common, branch])]);
        }
    }

    private void AddValues(Rule rule, SchemaView view, IReadOnlyList<JsonElement> values)
    {
        foreach (JsonElement value in values)
        {
            SchemaPart? more = SchemaView.TypeOf(value) switch
            {
                JsonTypes.String => view.First("minLength", "maxLength", "pattern", "format"),
                JsonTypes.Integer or JsonTypes.Fraction => view.First("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
                JsonTypes.Array => view.First("items", "prefixItems", "minItems", "maxItems"),
                JsonTypes.Object => view.First("properties", "required", "additionalProperties"),
                _ => null,
            };
            if (more is { } keyword)
            {
                throw SchemaErrors.At(keyword.Pointer, "cannot be combined with 'const' or 'enum': list only values that satisfy it, and leave it out");
            }

            var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Compact))
            {
                value.WriteTo(writer);
            }

            _grammar.Add(rule, [_grammar.Literal(Encoding.UTF8.GetString(buffer.ToArray()))]);
        }
    }

    private void AddTypes(Rule rule, SchemaView view)
    {
        JsonTypes types = view.Types();
        void Add(JsonTypes type, Func<Symbol> symbol)
        {
            if ((types & type) != 0)
            {
                _grammar.Add(rule, [symbol()]);
            }
        }

        Add(JsonTypes.Object, () => _objects.Make(view));
        Add(JsonTypes.Array, () => _arrays.Make(view));
        Add(JsonTypes.String, () => MakeString(view));
        Add(JsonTypes.Number, () => MakeNumber(view, types));
        Add(JsonTypes.Boolean, () => _grammar.Literal("true"));
        Add(JsonTypes.Boolean, () => _grammar.Literal("false"));
        Add(JsonTypes.Null, () => _grammar.Literal("null"));
    }

    private Rule MakeString(SchemaView view)
    {
        int min = view.Count("minLength", Math.Max, 0), max = view.Count("maxLength", Math.Min, Repeat.NoLimit);
        SchemaPart[] shapes = [.. view.All("pattern").Concat(view.All("format"))];
        if (shapes.Length == 0)
        {
            return min > max ? _grammar.NewRule() : (min, max) == (0, Repeat.NoLimit) ? _strings.Text : _strings.Quoted(new Repeat(_strings.Character, min, max));
        }

        if (shapes.Length > 1 || view.First("minLength", "maxLength") is not null)
        {
            throw SchemaErrors.At(shapes[0].Pointer, "cannot be combined with another 'pattern', 'format', 'minLength' or 'maxLength': keep one of them");
        }

        string text = shapes[0].Element.ValueKind == JsonValueKind.String ? shapes[0].Element.GetString()! : "";
        string? pattern = shapes[0].Pointer.EndsWith("/pattern", StringComparison.Ordinal) ? text : StringFormats.PatternOf(text);
        if (pattern is null)
        {
            throw SchemaErrors.At(shapes[0].Pointer, $"is a format that is not known: use one of {string.Join(", ", StringFormats.Names)}, or 'pattern'");
        }

        try
        {
            return _strings.Quoted(new PatternReader(pattern, _grammar, _strings).Read());
        }
        catch (FormatException problem)
        {
            throw SchemaErrors.At(shapes[0].Pointer, $"is a pattern that cannot be kept to: it {problem.Message}");
        }
    }

    private Rule MakeNumber(SchemaView view, JsonTypes types)
    {
        decimal? min = view.Bound("minimum", 1), above = view.Bound("exclusiveMinimum", 1);
        decimal? max = view.Bound("maximum", -1), below = view.Bound("exclusiveMaximum", -1);
        bool isMinExcluded = above is not null && (min is null || above >= min), isMaxExcluded = below is not null && (max is null || below <= max);
        (min, max) = (isMinExcluded ? above : min, isMaxExcluded ? below : max);
        bool isWhole = (types & JsonTypes.Fraction) == 0;
        if (min is null && max is null)
        {
            return isWhole ? _numbers.Integer : _numbers.Number;
        }

        return isWhole
            ? _numbers.Integers(isMinExcluded ? decimal.Floor(min!.Value) + 1 : min, isMaxExcluded ? decimal.Ceiling(max!.Value) - 1 : max)
            : _numbers.Numbers(min, max, isMinExcluded, isMaxExcluded);
    }
}
