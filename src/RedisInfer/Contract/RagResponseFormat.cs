using System.Text.Json;
using RedisInfer.Grammars;
using RedisInfer.Grammars.Schemas;

namespace RedisInfer;

/// <summary>
/// What the text of an answer must be. The model can then choose only tokens that keep to it, and the text always ends. Immutable; make it
/// once and use it for many requests, because it is compiled when it is made.
/// </summary>
public sealed class RagResponseFormat
{
    private RagResponseFormat(JsonElement schema, Grammar grammar) => (Schema, Grammar) = (schema, grammar);

    /// <summary>The JSON schema of the text.</summary>
    public JsonElement Schema { get; }

    internal Grammar Grammar { get; }

    /// <summary>
    /// A value in JSON that is valid by a schema. The text has no white space but single spaces, and properties in the order of the schema.
    /// Without <c>additionalProperties</c>, an object has only the properties that the schema names.
    /// </summary>
    /// <param name="schema">
    /// A JSON schema of draft 2020-12, at most 128 KiB:
    /// <list type="bullet">
    /// <item><c>type</c>, <c>enum</c>, <c>const</c>;</item>
    /// <item><c>properties</c>, <c>required</c>, <c>additionalProperties</c>;</item>
    /// <item><c>items</c>, <c>prefixItems</c>, <c>minItems</c>, <c>maxItems</c>;</item>
    /// <item>bounds of numbers and of lengths, <c>pattern</c>, <c>format</c>;</item>
    /// <item><c>anyOf</c>, <c>oneOf</c>, <c>allOf</c>, <c>$ref</c>, <c>$defs</c>.</item>
    /// </list>
    /// </param>
    /// <returns>The format.</returns>
    /// <exception cref="ArgumentException">
    /// The schema is not valid, too large, or has a keyword that cannot be kept to. The message has the JSON pointer of the part.
    /// </exception>
    public static RagResponseFormat JsonSchema(JsonElement schema)
    {
        Grammar grammar = SchemaCompiler.Compile(schema);
        return new RagResponseFormat(schema.Clone(), grammar);
    }
}
