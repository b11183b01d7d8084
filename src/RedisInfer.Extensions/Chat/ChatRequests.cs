using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace RedisInfer.Extensions;

/// <summary>Reads messages and options of a chat as a <see cref="RagRequest"/>. Thread-safe.</summary>
/// <param name="settings">Settings of the client.</param>
/// <param name="leaveOut">Called with the name of what is left out.</param>
internal sealed class ChatRequests(RagChatClientOptions settings, Action<string> leaveOut)
{
    // A format is compiled once, however many requests it has.
    private readonly ConditionalWeakTable<ChatResponseFormatJson, RagResponseFormat> _formats = [];

    /// <summary>Reads a chat.</summary>
    /// <param name="client">The client, for <see cref="ChatOptions.RawRepresentationFactory"/>.</param>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="options">The options; <see langword="null"/>: none.</param>
    /// <exception cref="ArgumentException">The last message is no question in text, or an option cannot be honoured.</exception>
    public RagRequest Read(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ChatConversation chat = ChatConversation.Read(messages, leaveOut);
        RagRequest request = options?.RawRepresentationFactory?.Invoke(client) as RagRequest ?? new RagRequest(chat.Question);
        request = request with { Question = chat.Question, History = chat.History, Instructions = Join(request.Instructions, options?.Instructions, chat.Instructions) };
        return options is null ? request : With(request, options);
    }

    private RagRequest With(RagRequest request, ChatOptions options)
    {
        ThrowIfNotHonoured(options);
        LeaveOutTheRest(options);
        return request with
        {
            MaxOutputTokens = options.MaxOutputTokens ?? request.MaxOutputTokens,
            MaxReasoningTokens = options.Reasoning?.Effort is ReasoningEffort.None ? 0 : request.MaxReasoningTokens,
            StopSequences = options.StopSequences is { } stops ? [.. stops] : request.StopSequences,
            Sampling = Sampling(request.Sampling, options),
            ResponseFormat = options.ResponseFormat switch
            {
                ChatResponseFormatJson json => _formats.GetValue(json, format => RagResponseFormat.JsonSchema(format.Schema!.Value)),
                ChatResponseFormatText => null,
                _ => request.ResponseFormat,
            },
        };
    }

    private SamplingOptions? Sampling(SamplingOptions? sampling, ChatOptions options)
    {
        if (options is { Temperature: null, TopP: null, TopK: null, Seed: null })
            return sampling;
        if (options.Seed is < 0 or > uint.MaxValue)
            throw new ArgumentException($"Seed is {options.Seed}: set it to 0 to {uint.MaxValue}.", nameof(options));
        SamplingOptions known = sampling ?? settings.Sampling ?? new SamplingOptions();
        return known with
        {
            Temperature = options.Temperature ?? known.Temperature,
            TopP = options.TopP ?? known.TopP,
            TopK = options.TopK ?? known.TopK,
            Seed = options.Seed is { } seed ? (uint)seed : known.Seed,
        };
    }

    private static void ThrowIfNotHonoured(ChatOptions options)
    {
        if (options.ToolMode is RequiredChatToolMode)
        {
            throw new ArgumentException(
                "ToolMode requires a call of a tool, but the model is given passages, not tools. Set it to Auto or None.", nameof(options));
        }

        if (options.ConversationId is { } id)
        {
            throw new ArgumentException(
                $"ConversationId is '{id}', but conversations are not stored. Leave it out, and send all messages.", nameof(options));
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: null })
        {
            throw new ArgumentException(
                "ResponseFormat asks for JSON without saying which. Give a schema: ChatResponseFormat.ForJsonSchema.", nameof(options));
        }
    }

    private void LeaveOutTheRest(ChatOptions options)
    {
        LeaveOutIf(options.Tools is { Count: > 0 }, nameof(options.Tools));
        LeaveOutIf(options.FrequencyPenalty is not (null or 0), nameof(options.FrequencyPenalty));
        LeaveOutIf(options.PresencePenalty is not (null or 0), nameof(options.PresencePenalty));
        LeaveOutIf(options.Reasoning?.Effort is not (null or ReasoningEffort.None), $"{nameof(options.Reasoning)}.{nameof(options.Reasoning.Effort)}");
        LeaveOutIf(
            options.ModelId is { } model && settings.ModelId is { } known && !string.Equals(model, known, StringComparison.OrdinalIgnoreCase),
            $"another {nameof(options.ModelId)} than '{settings.ModelId}'");
    }

    private void LeaveOutIf(bool condition, string what)
    {
        if (condition)
            leaveOut(what);
    }

    private static string Join(params ReadOnlySpan<string?> texts) =>
        string.Join("\n\n", texts.ToArray().Where(text => !string.IsNullOrWhiteSpace(text)));
}
