using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>An answer of a server that its command never gives.</summary>
internal sealed class OddAnswerException(string message) : RedisException(message);
