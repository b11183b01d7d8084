using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RedisInfer.Errors;

namespace RedisInfer.Answering;

/// <summary>
/// What hosts of one group send each other, as bytes. The form may change with every build of this library: do not store it. Thread-safe.
/// </summary>
public static class HandoffFormat
{
    /// <summary>Writes a question.</summary>
    /// <param name="request">The question and its settings.</param>
    /// <returns>Its bytes.</returns>
    public static byte[] Write(RagRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.SerializeToUtf8Bytes(HandoffRequest.From(request), HandoffJson.Default.HandoffRequest);
    }

    /// <summary>Writes a question with its passages.</summary>
    /// <param name="question">The question.</param>
    /// <returns>Its bytes.</returns>
    public static byte[] Write(FoundQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return JsonSerializer.SerializeToUtf8Bytes(
            new HandoffQuestion(HandoffRequest.From(question.Request), question.Result, question.IsRepeatable), HandoffJson.Default.HandoffQuestion);
    }

    /// <summary>Writes a piece of an answer.</summary>
    /// <param name="update">The piece.</param>
    /// <returns>Its bytes.</returns>
    public static byte[] Write(RagUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return JsonSerializer.SerializeToUtf8Bytes(new HandoffUpdate(update, update.Answer?.Generated), HandoffJson.Default.HandoffUpdate);
    }

    /// <summary>Reads a question.</summary>
    /// <param name="bytes">What <see cref="Write(RagRequest)"/> gave.</param>
    /// <returns>The question and its settings.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.StateCorrupt"/>: the bytes are of another build.</exception>
    public static RagRequest ReadRequest(ReadOnlySpan<byte> bytes) => Read(bytes, HandoffJson.Default.HandoffRequest).ToRequest();

    /// <summary>Reads a question with its passages.</summary>
    /// <param name="bytes">What <see cref="Write(FoundQuestion)"/> gave.</param>
    /// <returns>The question.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.StateCorrupt"/>: the bytes are of another build.</exception>
    public static FoundQuestion ReadQuestion(ReadOnlySpan<byte> bytes)
    {
        HandoffQuestion question = Read(bytes, HandoffJson.Default.HandoffQuestion);
        return new FoundQuestion(question.Request.ToRequest(), question.Result, question.IsRepeatable);
    }

    /// <summary>Reads a piece of an answer.</summary>
    /// <param name="bytes">What <see cref="Write(RagUpdate)"/> gave.</param>
    /// <returns>The piece.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.StateCorrupt"/>: the bytes are of another build.</exception>
    public static RagUpdate ReadUpdate(ReadOnlySpan<byte> bytes)
    {
        HandoffUpdate read = Read(bytes, HandoffJson.Default.HandoffUpdate);
        RagUpdate update = read.Update;
        return update.Answer is { } answer
            ? new RagUpdate
            {
                Text = update.Text,
                Reasoning = update.Reasoning,
                Passages = update.Passages,
                Answer = answer.With(read.Generated, answer.Route, answer.Timings),
            }
            : update;
    }

    internal static byte[] Write(SamplingOptions sampling) =>
        JsonSerializer.SerializeToUtf8Bytes(sampling, HandoffJson.Default.SamplingOptions);

    private static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("It is null.");
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            throw new RedisInferException(
                RedisInferErrorCode.StateCorrupt,
                $"A message of another host cannot be understood: {problem.Message} Run the same build of RedisInfer on all hosts of a group.",
                problem);
        }
    }
}
