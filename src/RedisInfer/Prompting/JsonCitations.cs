using System.Text;
using System.Text.Json;

namespace RedisInfer.Prompting;

/// <summary>
/// Finds citations in an answer in JSON: as <see cref="CitationParser"/> finds them in each string, and the numbers in an array of a property
/// named <c>citations</c>.
/// </summary>
internal static class JsonCitations
{
    private const string Property = "citations";

    /// <summary>Finds the passage numbers cited, each once, in order of first citation.</summary>
    /// <param name="json">The answer. If it was cut off, what is before counts.</param>
    /// <param name="passages">Texts of the passages by number. Other numbers cite nothing and are left out.</param>
    public static IReadOnlyList<int> Parse(string json, IReadOnlyDictionary<int, string> passages)
    {
        var numbers = new List<int>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), isFinalBlock: false, state: default);
        int listDepth = -1;
        bool isNamed = false;
        while (TryRead(ref reader))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray when isNamed && listDepth < 0:
                    listDepth = reader.CurrentDepth + 1;
                    break;
                case JsonTokenType.EndArray when reader.CurrentDepth < listDepth:
                    listDepth = -1;
                    break;
                case JsonTokenType.String:
                    numbers.AddRange(CitationParser.Parse(reader.GetString()!, passages));
                    break;
                case JsonTokenType.Number when reader.CurrentDepth == listDepth && reader.TryGetInt32(out int number)
                    && passages.ContainsKey(number):
                    numbers.Add(number);
                    break;
            }

            isNamed = reader.TokenType == JsonTokenType.PropertyName && string.Equals(reader.GetString(), Property, StringComparison.OrdinalIgnoreCase);
        }

        return [.. numbers.Distinct()];
    }

    // No answer has text that is not JSON, but engines are parts that a host may replace.
    private static bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
