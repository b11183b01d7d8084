using System.Text.Json.Serialization;

namespace RedisInfer.Answering.Caching;

/// <summary>The stored form.</summary>
[JsonSerializable(typeof(StoredAnswer))]
internal sealed partial class StoredAnswerJson : JsonSerializerContext;
