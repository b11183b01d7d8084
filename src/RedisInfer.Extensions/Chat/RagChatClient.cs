using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RedisInfer.Extensions;

/// <summary>Answers chats with a generator. Thread-safe. Does not own the generator.</summary>
internal sealed partial class RagChatClient : IChatClient
{
    private const string Provider = "redisinfer";

    private readonly IRagGenerator _generator;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ChatClientMetadata _metadata;
    private readonly ChatRequests _requests;

    // What was left out once: a chat repeats its options.
    private readonly ConcurrentDictionary<string, bool> _leftOut = new();

    public RagChatClient(IRagGenerator generator, RagChatClientOptions options)
    {
        _generator = generator;
        _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<RagChatClient>();
        _time = options.TimeProvider ?? TimeProvider.System;
        _metadata = new ChatClientMetadata(Provider, defaultModelId: options.ModelId);
        _requests = new ChatRequests(options, LeaveOut);
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        RagRequest request = _requests.Read(this, messages, options);
        RagAnswer answer = await _generator.GenerateAsync(request, cancellationToken).ConfigureAwait(false);
        return NewResponse(options).ToResponse(request, answer);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        StreamAsync(_requests.Read(this, messages, options), NewResponse(options), cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_generator) ? _generator
            : null;
    }

    public void Dispose()
    {
        // The generator belongs to its runtime.
    }

    private ChatAnswer NewResponse(ChatOptions? options) =>
        new(_metadata.DefaultModelId, _time.GetUtcNow(), showsReasoning: options?.Reasoning?.Output is not ReasoningOutput.None);

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RagRequest request, ChatAnswer response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (RagUpdate update in _generator.GenerateStreamingAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return response.ToUpdate(request, update);
        }
    }

    private void LeaveOut(string what)
    {
        if (_leftOut.TryAdd(what, true))
            LogLeftOut(what);
    }

    [LoggerMessage(EventId = 700, Level = LogLevel.Warning, Message = "A chat has {What}, which RedisInfer leaves out. This is logged once.")]
    private partial void LogLeftOut(string what);
}
