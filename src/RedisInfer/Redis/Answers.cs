using System.Globalization;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Checks that an answer has the form that its command gives.</summary>
internal static class Answers
{
    /// <summary>Returns values that a server gives for a list of keys or fields.</summary>
    /// <param name="values">The answer.</param>
    /// <param name="asked">The length of the list.</param>
    /// <exception cref="OddAnswerException">There is another number of values.</exception>
    public static RedisValue[] OfCount(RedisValue[]? values, int asked) => values?.Length == asked
        ? values
        : throw new OddAnswerException(
            string.Create(CultureInfo.InvariantCulture, $"The server answered with {values?.Length ?? 0} values instead of {asked}."));

    /// <summary>Returns the fields of a hash.</summary>
    /// <param name="fields">The answer. A hash that does not exist has no fields.</param>
    /// <exception cref="OddAnswerException">The server answered with nothing, or gave a field twice.</exception>
    public static HashEntry[] Fields(HashEntry[]? fields)
    {
        if (fields is null)
            throw new OddAnswerException("The server answered with nothing instead of the fields of a hash.");
        return fields.DistinctBy(field => field.Name).Count() == fields.Length
            ? fields
            : throw new OddAnswerException("The server answered with a field of a hash twice.");
    }
}
