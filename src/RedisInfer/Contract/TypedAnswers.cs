using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedisInfer;

/// <summary>Asks for JSON of a type, and reads it.</summary>
internal static class TypedAnswers
{
    /// <summary>Answers a question with a value.</summary>
    public static async Task<RagAnswer<T>> AskAsync<T>(
        IRagGenerator generator, RagRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(type);
        if (request.ResponseFormat is not null)
        {
            throw new ArgumentException("ResponseFormat is set, but the type says what the answer must be: leave it out.", nameof(request));
        }

        RagRequest typed = request with { ResponseFormat = TypeFormats.Of(type) };
        RagAnswer answer = await generator.GenerateAsync(typed, cancellationToken).ConfigureAwait(false);
        if (answer.FinishReason is not (RagFinishReason.Stop or RagFinishReason.Length))
        {
            return new RagAnswer<T>(answer, problem: null);
        }

        try
        {
            return new RagAnswer<T>(answer, JsonSerializer.Deserialize(answer.Text, type)!);
        }
        catch (Exception problem) when (problem is JsonException or FormatException or ArgumentException or NotSupportedException)
        {
            return new RagAnswer<T>(answer, problem);
        }
    }
}
