using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace RedisInfer.Tests.Support.Schemas;

/// <summary>
/// Makes the text of JSON schemas that are meant to do harm: endless circles, alternatives that multiply, huge bounds, deep nesting, patterns
/// that backtrack, broken references. Others are valid schemas with damaged parts.
/// </summary>
public sealed class HostileSchemas(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "-1", "0", "1.5", "1e308", "-1e308", "99999999999999999999999999", "\"\"", "\"#\"", "\"#/\"", "\"#/$defs/x\"",
        "\"(\"", "\"[\"", "\"(a*)*\"", "\"\\uD800\"", "[]", "{}", "[[]]", "[{}]", "\"object\"", "[\"null\",\"array\"]", "[\"\",null]",
    ];

    private static readonly string[] Keywords =
    [
        "type", "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems", "enum", "const", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format", "anyOf", "oneOf", "allOf", "$ref",
        "$defs", "not", "if", "uniqueItems", "multipleOf", "patternProperties", "nullable", "$id", "$anchor",
    ];

    /// <summary>Makes the text of a schema. It is valid JSON.</summary>
    public string Make() => random.Next(10) switch
    {
        0 => Circle(),
        1 => Multiplied(),
        2 => Bounds(),
        3 => Nested(),
        4 => $$"""{"type":"string","pattern":{{JsonValue.Create(Pattern(random.Next(1, 60))).ToJsonString()}}}""",
        5 => Wide(),
        6 => AnyKeywords(depth: 0),
        _ => Damaged(),
    };

    // Each opens an array in two ways, so that a matcher that keeps all ways has twice as many with each bracket.
    private string Circle() => random.Next(5) switch
    {
        0 => """{"$ref":"#"}""",
        1 => """{"anyOf":[{"$ref":"#"},{"type":"string"}]}""",
        2 => """{"$defs":{"a":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/a"}},{"type":"array","items":{"$ref":"#/$defs/a"},"minItems":1},{"type":"array","items":{"$ref":"#/$defs/a"},"maxItems":9}]}},"$ref":"#/$defs/a"}""",
        3 => """{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""",
        _ => """{"$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"allOf":[{"$ref":"#/$defs/a"},{"type":"array","items":{"$ref":"#/$defs/b"}}]}},"$ref":"#/$defs/b"}""",
    };

    private string Multiplied()
    {
        int unions = random.Next(2, 20), branches = random.Next(2, 12);
        string union = $$"""{"{{(random.Next(2) == 0 ? "anyOf" : "oneOf")}}":[{{string.Join(',', Enumerable.Repeat("{}", branches))}}]}""";
        return random.Next(2) == 0
            ? $$"""{"allOf":[{{string.Join(',', Enumerable.Repeat(union, unions))}}]}"""
            : Enumerable.Range(0, Math.Min(unions, 11)).Aggregate("{}", (inner, _) => $$"""{"type":["array","object"],"items":{{inner}},"additionalProperties":{{inner}}}""");
    }

    private string Bounds() =>
        $$"""{"type":{{Pick(["\"string\"", "\"array\"", "\"integer\"", "\"number\""])}},"minLength":{{Number()}},"maxLength":{{Number()}},"minItems":{{Number()}},"maxItems":{{Number()}},"minimum":{{Number()}},"maximum":{{Number()}}}""";

    private string Number() => Pick(
    [
        "0", "1", "2", "1000000", "2147483647", "2147483648", "9223372036854775807", "1e18", "-1e18", "0.000000001", "-0.5", "1e-30", "-1",
        random.Next().ToString(CultureInfo.InvariantCulture),
    ]);

    private string Nested()
    {
        int depth = random.Next(1, 62);
        (string open, string close) = random.Next(3) switch
        {
            0 => ("{\"items\":", "}"),
            1 => ("{\"anyOf\":[", "]}"),
            _ => ("{\"const\":[", "]}"),
        };
        depth = close == "]}" ? depth / 2 : depth;
        return string.Concat(Enumerable.Repeat(open, depth)) + "{}" + string.Concat(Enumerable.Repeat(close, depth));
    }

    private string Wide()
    {
        int count = random.Next(1, 4000);
        string name = new('n', random.Next(1, 30));
        string entries = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{name}{i}\":{{}}"));
        return random.Next(2) == 0
            ? $"{{\"properties\":{{{entries}}},\"additionalProperties\":{{}}}}"
            : $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, count))}}]}""";
    }

    private string Pattern(int length)
    {
        const string Parts = "ab01(()))[[]]{{}}**++??||^$..\\\\dDwWsSpbBkux,-:=!<>&é日\u0000\"\n";
        var pattern = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            pattern.Append(random.Next(6) == 0 ? "{" + random.Next(3000) + "," + random.Next(3000) + "}" : Parts[random.Next(Parts.Length)].ToString());
        }

        return pattern.ToString();
    }

    private string AnyKeywords(int depth)
    {
        IEnumerable<string> members = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
            $"\"{Pick(Keywords)}\":{(depth < 4 && random.Next(2) == 0 ? AnyKeywords(depth + 1) : Pick(Values))}");
        string schema = $"{{{string.Join(',', members)}}}";
        return random.Next(5) == 0 ? $"[{schema}]" : schema;
    }

    private string Damaged()
    {
        JsonNode schema = new RandomSchemas(random).Make();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            JsonNode at = schema;
            while (at is JsonObject { Count: > 0 } or JsonArray { Count: > 0 } && random.Next(4) > 0)
            {
                JsonNode? next = at is JsonObject members ? members.ElementAt(random.Next(members.Count)).Value : at.AsArray()[random.Next(at.AsArray().Count)];
                if (next is null)
                {
                    break;
                }

                at = next;
            }

            if (at.Parent is JsonObject or JsonArray)
            {
                at.ReplaceWith(JsonNode.Parse(Pick(Values.Where(value => !value.Contains("uD800", StringComparison.Ordinal)).ToArray())));
            }
        }

        return schema.ToJsonString();
    }

    private string Pick(IReadOnlyList<string> choices) => choices[random.Next(choices.Count)];
}
