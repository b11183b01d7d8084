using Microsoft.Extensions.Logging;

namespace RedisInfer.Extensions;

/// <summary>Settings of a chat client over an <see cref="IRagGenerator"/>.</summary>
public sealed class RagChatClientOptions
{
    /// <summary>Name of the model, which responses and metadata bear. Default: <see langword="null"/>, none.</summary>
    public string? ModelId { get; set; }

    /// <summary>
    /// How the next token is chosen, as far as the options of a chat do not say. Default: <see langword="null"/>, the default of
    /// <see cref="SamplingOptions"/>.
    /// </summary>
    public SamplingOptions? Sampling { get; set; }

    /// <summary>Gets a warning for each kind of option or content that is left out. Default: <see langword="null"/>, no warnings.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Says when a response is created. Default: <see langword="null"/>, the system's clock.</summary>
    public TimeProvider? TimeProvider { get; set; }
}
