using Microsoft.Extensions.AI;
using RedisInfer.Extensions;

// Where a host has the generator, it has this namespace.
namespace RedisInfer;

/// <summary>Makes a generator usable as a chat client of Microsoft.Extensions.AI.</summary>
public static class RagChatClientExtensions
{
    /// <summary>
    /// A chat client that answers from the documents. The last user message is the question, and the messages before it are the
    /// conversation. Thread-safe; its disposal does nothing.
    /// </summary>
    /// <param name="generator">Answers the questions. It must outlive the client.</param>
    /// <param name="options">Settings; <see langword="null"/> for the defaults.</param>
    /// <returns>The client.</returns>
    public static IChatClient AsChatClient(this IRagGenerator generator, RagChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new RagChatClient(generator, options ?? new RagChatClientOptions());
    }
}
