using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Unit.Grammars;

public sealed class SchemaCompilerTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"]}""", """{"a": 1}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"]}""", """{"a":1,"b":"x\n"}""", true)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"]}""", """{"b":"x"}""", false)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}}}""", """{"a":1,"c":2}""", false)]
    [InlineData("""{"type":"object","properties":{"ab":{}},"additionalProperties":{"type":"null"}}""", """{"a":null,"abc":null}""", true)]
    [InlineData("""{"type":"object","properties":{"ab":{"type":"integer"}},"additionalProperties":{"type":"null"}}""", """{"ab":null}""", false)]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2}""", "[true, false]", true)]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2}""", "[]", false)]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2}""", "[true,false,true]", false)]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"null"}],"items":false}""", """["a",null]""", true)]
    [InlineData("""{"type":"array","prefixItems":[{"type":"string"},{"type":"null"}],"items":false}""", """["a",null,1]""", false)]
    [InlineData("""{"enum":["a",1,null]}""", "null", true)]
    [InlineData("""{"enum":["a",1,null],"type":["string","integer"]}""", "null", false)]
    [InlineData("""{"type":["string","null"],"maxLength":2}""", "\"日本\"", true)]
    [InlineData("""{"type":["string","null"],"maxLength":2}""", "\"日本語\"", false)]
    [InlineData("""{"type":"string"}""", "\"line\nend\"", false)]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/n"},{"type":"null"}]}},"required":["next"]}},"$ref":"#/$defs/n"}""", """{"next":{"next":{"next":null}}}""", true)]
    [InlineData("""{"type":"object","required":["k"],"anyOf":[{"properties":{"k":{"const":"a"},"x":{"type":"null"}}},{"properties":{"k":{"const":"b"}}}]}""", """{"k":"a","x":null}""", true)]
    [InlineData("""{"type":"object","required":["k"],"anyOf":[{"properties":{"k":{"const":"a"},"x":{"type":"null"}}},{"properties":{"k":{"const":"b"}}}]}""", """{"k":"b","x":null}""", false)]
    [InlineData("true", """[{"any":[1.5,"x",null,true]}]""", true)]
    public void ASchemaAllowsWhatItSays(string schema, string text, bool expected) => Assert.Equal(expected, Matching.Matches(schema, text));

    [Theory]
    [InlineData("""{"properties":{"a":{"not":{}}}}""", "#/properties/a/not")]
    [InlineData("""{"items":{"$ref":"#/$defs/gone"}}""", "#/items/$ref")]
    [InlineData("""{"items":{"$ref":"https://example.com/schema"}}""", "#/items/$ref")]
    [InlineData("""{"type":"string","pattern":"(?=a)b"}""", "#/pattern")]
    [InlineData("""{"type":"string","pattern":"a\\b"}""", "#/pattern")]
    [InlineData("""{"type":"string","pattern":"(a*)*"}""", "#/pattern")]
    [InlineData("""{"type":"string","format":"regex"}""", "#/format")]
    [InlineData("""{"type":"string","format":"date","maxLength":20}""", "#/format")]
    [InlineData("""{"enum":["a"],"minLength":2}""", "#/minLength")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "#/uniqueItems")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", "#/oneOf/1")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"type":"string"}]}""", "refers to itself")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "requires itself")]
    [InlineData("""{"type":"text"}""", "#/type")]
    [InlineData("""{"a/b":{},"properties":{"a/b~c":{"minimum":"x","type":"number"}}}""", "#/properties/a~1b~0c/minimum")]
    [InlineData("""{"type":"number","minimum":1e300}""", "#/minimum")]
    [InlineData("[]", "#")]
    [InlineData("false", "#")]
    public void WhatCannotBeKeptToIsRefusedWithItsPlace(string schema, string place)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => Matching.Compile(schema));

        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-12, 345)]
    [InlineData(0, 0)]
    [InlineData(7, 1203)]
    [InlineData(-1999, -98)]
    [InlineData(99, 100)]
    public void IntegersInARangeAreExactlyThose(int min, int max)
    {
        var grammar = Matching.Compile(string.Create(CultureInfo.InvariantCulture, $$"""{"type":"integer","minimum":{{min}},"maximum":{{max}}}"""));
        for (int number = -2500; number <= 2500; number++)
        {
            Assert.True(
                (min <= number && number <= max) == Matching.Matches(grammar, number.ToString(CultureInfo.InvariantCulture)), $"{number} in {min} to {max}");
        }

        Assert.False(Matching.Matches(grammar, "007"));
    }

    [Theory]
    [InlineData("-1.25", "2.5")]
    [InlineData("0.001", "0.1")]
    public void NumbersInARangeAreWithinIt(string min, string max)
    {
        var grammar = Matching.Compile($$"""{"type":"number","minimum":{{min}},"exclusiveMaximum":{{max}}}""");
        (decimal low, decimal high) = (decimal.Parse(min, CultureInfo.InvariantCulture), decimal.Parse(max, CultureInfo.InvariantCulture));
        int decimals = Math.Max(2, Math.Max(min.Length, max.Length) - min.IndexOf('.', StringComparison.Ordinal) - 1);
        int count = 0;
        for (decimal number = -3; number <= 3; number += 0.001m)
        {
            string text = number.ToString("0.000", CultureInfo.InvariantCulture);
            bool isIn = Matching.Matches(grammar, text[..^(3 - Math.Min(3, decimals))]);
            count += isIn ? 1 : 0;
            Assert.False(isIn && (number < low - 0.009m || number >= high), text);
        }

        Assert.True(count > 50, $"{count} numbers");
    }

    [Theory]
    [InlineData("^[a-c]{2,3}$", "ab abc abcd a bcb")]
    [InlineData("^(?:x|yy){0,2}z?$", "xx yyx xyyz zz xxx")]
    [InlineData("b+", "abc bb ac b")]
    [InlineData("^a|c$", "ab xc cb ba")]
    [InlineData("^[^a-m\\d]$", "a z 5 é m")]
    [InlineData("^\\w\\.\\S$", "a.b a.. aab")]
    public void PatternsMeanWhatRegularExpressionsMean(string pattern, string texts)
    {
        var grammar = Matching.Compile($$"""{"type":"string","pattern":{{JsonSerializer.Serialize(pattern)}}}""");

        foreach (string text in texts.Split(' '))
        {
            Assert.True(Regex.IsMatch(text, pattern, RegexOptions.ECMAScript) == Matching.Matches(grammar, $"\"{text}\""), text);
        }
    }
}
