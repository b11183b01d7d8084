using System.Text.Json.Serialization;

namespace RedisInfer.Answering;

/// <summary>The form of <see cref="HandoffFormat"/>.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(ResponseFormatConverter)])]
[JsonSerializable(typeof(HandoffRequest))]
[JsonSerializable(typeof(HandoffQuestion))]
[JsonSerializable(typeof(HandoffUpdate))]
internal sealed partial class HandoffJson : JsonSerializerContext;
