using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RedisInfer.Inference;
using RedisInfer.Retrieval;
using RedisInfer.Scheduling;
using RedisInfer.Telemetry;

namespace RedisInfer.Answering;

/// <summary>The spans of one question. Attributes have the names of OpenTelemetry's conventions for generative AI if those define one.</summary>
/// <param name="ask">The span of the whole question; <see langword="null"/> if no listener wants it.</param>
/// <param name="recordTexts">Whether the span has the question and the answer.</param>
/// <param name="time">The clock.</param>
internal sealed class AskTrace(Activity? ask, bool recordTexts, TimeProvider time)
{
    /// <summary>Adds what is known of the model and the request.</summary>
    public void Begin(ModelInfo model, RagRequest request, SamplingOptions sampling, int maxOutputTokens)
    {
        if (ask is not { IsAllDataRequested: true })
        {
            return;
        }

        ask.SetTag("gen_ai.operation.name", "chat");
        ask.SetTag("gen_ai.provider.name", model.Engine);
        ask.SetTag("gen_ai.request.model", model.Name);
        ask.SetTag("gen_ai.request.max_tokens", maxOutputTokens);
        ask.SetTag("gen_ai.request.temperature", (double)(decimal)sampling.Temperature);
        ask.SetTag("gen_ai.request.top_p", (double)(decimal)sampling.TopP);
        ask.SetTag("gen_ai.request.top_k", (double)sampling.TopK);
        ask.SetTag("gen_ai.output.type", request.ResponseFormat is null ? "text" : "json");
        if (sampling.Seed is { } seed)
        {
            ask.SetTag("gen_ai.request.seed", (long)seed);
        }

        if (recordTexts)
        {
            ask.SetTag("gen_ai.input.messages", Message("user", request.Question, finish: null));
        }
    }

    /// <summary>Adds the wait for a place in the queue, if there was one.</summary>
    public void Entered(QueuePlace place)
    {
        if (place.Waited > TimeSpan.Zero)
        {
            ask?.Add(RagActivities.Queue, time.GetUtcNow() - place.Waited, place.Waited, ("redisinfer.queue.wait", "place"));
        }
    }

    /// <summary>Searches within a span.</summary>
    public Task<RetrievalResult> SearchAsync(Func<Task<RetrievalResult>> find) => ask.RunBelowAsync(RagActivities.Search, async span =>
    {
        RetrievalResult found = await find().ConfigureAwait(false);
        span?.SetTag("redisinfer.passages", found.Passages.Count);
        span?.SetTag("redisinfer.embed.duration", found.EmbedTime.TotalSeconds);
        span?.SetTag("redisinfer.load.duration", found.LoadTime.TotalSeconds);
        span?.SetTag("redisinfer.rerank.duration", found.RerankTime.TotalSeconds);
        return found;
    });

    /// <summary>Adds the phases in the decode loop, which tells of them at the end.</summary>
    public void Decoded(CompletionResult result, int promptTokens, TimeSpan waitedForPlace)
    {
        if (ask is null || result.IsFromCache)
        {
            ask?.SetTag("redisinfer.from_cache", true);
            return;
        }

        DateTimeOffset firstToken = time.GetUtcNow() - time.GetElapsedTime(result.FirstTokenTimestamp);
        DateTimeOffset prefill = firstToken - result.Prefill;
        DateTimeOffset restore = prefill - result.Restore;
        TimeSpan queue = result.Queue - waitedForPlace;
        ask.Add(RagActivities.Queue, restore - queue, queue, ("redisinfer.queue.wait", "context"));
        ask.Add(RagActivities.Restore, restore, result.Restore, ("redisinfer.tokens.reused", result.Reuse.Tokens));
        ask.Add(RagActivities.Prefill, prefill, result.Prefill, ("redisinfer.tokens.prefilled", promptTokens - result.Reuse.Tokens));
        ask.Add(RagActivities.Decode, firstToken, result.Decode, ("redisinfer.tokens.generated", result.GeneratedTokens));
    }

    /// <summary>Adds the outcome.</summary>
    public void Complete(RagAnswer answer)
    {
        if (ask is not { IsAllDataRequested: true })
        {
            return;
        }

        string finish = answer.FinishReason is RagFinishReason.Stop or RagFinishReason.NoContext ? "stop" : "length";
        ask.SetTag("gen_ai.response.finish_reasons", new[] { finish });
        ask.SetTag("gen_ai.usage.input_tokens", answer.Usage.PromptTokens);
        ask.SetTag("gen_ai.usage.output_tokens", answer.Usage.GeneratedTokens);
        ask.SetTag("gen_ai.usage.cache_read.input_tokens", answer.Usage.CachedTokens);
        ask.SetTag("redisinfer.finish_reason", answer.FinishReason.ToString());
        ask.SetTag("redisinfer.passages", answer.Passages.Count);
        ask.SetTag("redisinfer.citations", answer.Citations.Count);
        if (recordTexts)
        {
            ask.SetTag("gen_ai.output.messages", Message("assistant", answer.Text, finish));
        }
    }

    // The form of the conventions: a list of messages with parts, in JSON.
    private static string Message(string role, string text, string? finish)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteString("role", role);
            writer.WriteStartArray("parts");
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("content", text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            if (finish is not null)
            {
                writer.WriteString("finish_reason", finish);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
