namespace RedisInfer;

/// <summary>Names under which a host listens to this library.</summary>
public static class RagTelemetry
{
    /// <summary>Name of both the meter and the activity source: for <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry.</summary>
    public const string Name = "RedisInfer";
}
