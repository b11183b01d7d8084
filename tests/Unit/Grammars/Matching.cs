using System.Text;
using System.Text.Json;
using RedisInfer.Grammars;
using RedisInfer.Grammars.Schemas;
using RedisInfer.Grammars.Tokens;

namespace RedisInfer.Tests.Unit.Grammars;

/// <summary>Asks a grammar about whole texts.</summary>
internal static class Matching
{
    private static readonly VocabularyBytes Bytes = new(new ByteTokenizer());

    public static Grammar Compile(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        return SchemaCompiler.Compile(document.RootElement);
    }

    public static GrammarMatcher Matcher(string schema) => new(new GrammarCosts(Compile(schema), Bytes));

    public static bool Matches(string schema, string text) => Matches(Compile(schema), text);

    public static bool Matches(Grammar grammar, string text)
    {
        var matcher = new GrammarMatcher(new GrammarCosts(grammar, Bytes));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (!matcher.Allows(bytes, int.MaxValue))
        {
            return false;
        }

        matcher.Append(bytes);
        return matcher.IsComplete;
    }
}
