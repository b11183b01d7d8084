using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RedisInfer.Grammars;
using RedisInfer.Grammars.Tokens;
using RedisInfer.Tests.Support.Schemas;

namespace RedisInfer.Tests.Unit.Grammars;

public sealed class GrammarMatcherTests
{
    // Each bracket opens an array in three ways. All ways together would be 3 to the power of the depth.
    private const string Ambiguous =
        """{"$defs":{"a":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/a"}},{"type":"array","items":{"$ref":"#/$defs/a"},"minItems":1},{"type":"array","items":{"$ref":"#/$defs/a"},"maxItems":9},{"type":"null"}]}},"$ref":"#/$defs/a"}""";

    [Fact]
    public void AmbiguousNestingTakesBoundedTimeAndStillEnds()
    {
        GrammarMatcher matcher = Matching.Matcher(Ambiguous);
        long start = Stopwatch.GetTimestamp();

        int depth = 0;
        while (matcher.Allows("["u8, int.MaxValue))
        {
            matcher.Append("["u8);
            depth++;
        }

        Assert.Equal(Grammar.MaxNesting, depth);
        matcher.Append(Encoding.UTF8.GetBytes(new string(']', depth)));
        Assert.True(matcher.IsComplete);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void WhatIsAllowedIsWhatIsNotRestricted()
    {
        var random = new Random(11);
        var tokenizer = new ByteTokenizer("{\"", "\":", "\",", "\"}", "true", "tru", "null}", "12", ", \"", "é", "日本", "\\n", "]]", "[[", "\": \"");
        var vocabulary = new VocabularyBytes(tokenizer);
        for (int schema = 0; schema < 300; schema++)
        {
            var matcher = new GrammarMatcher(new GrammarCosts(Matching.Compile(new RandomSchemas(random).Make().ToJsonString()), vocabulary));
            for (int left = 60 + (int)matcher.Tokens; !matcher.IsFinal && left > 0; left--)
            {
                float[] logits = new float[tokenizer.VocabularySize];
                Assert.True(matcher.Restrict(logits, left), "no token is left");
                int[] allowed = [.. Enumerable.Range(0, tokenizer.EndOfText).Where(token => matcher.Allows(tokenizer.GetBytes(token), left))];

                Assert.Equal(allowed, Enumerable.Range(0, tokenizer.EndOfText).Where(token => float.IsFinite(logits[token])));
                Assert.Equal(matcher.IsComplete, float.IsFinite(logits[tokenizer.EndOfText]));
                if (allowed.Length == 0)
                {
                    break;
                }

                matcher.Append(tokenizer.GetBytes(allowed[random.Next(allowed.Length)]));
            }

            Assert.True(matcher.IsComplete);
        }
    }

    [Fact]
    public void ATextEndsWithItsLastToken()
    {
        GrammarMatcher matcher = Matching.Matcher("""{"type":"object","properties":{"name":{"type":"string"},"more":{"type":"array"}},"required":["name","more"]}""");
        int least = (int)matcher.Tokens;
        Assert.Equal("""{"name":"","more":[]}""".Length, least);

        var text = new StringBuilder();
        for (int left = least; left > 0; left--)
        {
            byte next = Enumerable.Range(0, 256).Select(value => (byte)value).Single(value => matcher.Allows([value], left));
            matcher.Append([next]);
            text.Append((char)next);
        }

        Assert.Equal("""{"name":"","more":[]}""", text.ToString());
    }

    [Fact]
    public void AVocabularyThatCannotSpellTheSchemaIsFoundOut()
    {
        var digits = new VocabularyBytes(new ByteTokenizer([.. "0123456789"u8.ToArray().Select(value => new[] { value })]));

        Assert.Equal(Grammar.Never, new GrammarCosts(Matching.Compile("""{"type":"string"}"""), digits).Tokens);
        Assert.Equal(1, new GrammarCosts(Matching.Compile("""{"type":["string","integer"]}"""), digits).Tokens);
    }

    [Fact]
    public void HostileSchemasEndInTimeWithAClearError()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            string schema = new HostileSchemas(new Random(seed)).Make();
            long start = Stopwatch.GetTimestamp();
            try
            {
                Matching.Matcher(schema).Allows("{"u8, int.MaxValue);
            }
            catch (ArgumentException e)
            {
                Assert.StartsWith("The JSON schema cannot be used: '#", e.Message, StringComparison.Ordinal);
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), JsonSerializer.Serialize(schema));
        }
    }
}
