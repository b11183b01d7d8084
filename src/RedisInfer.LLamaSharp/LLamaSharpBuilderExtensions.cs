using Microsoft.Extensions.Logging;
using RedisInfer.Extensions;
using RedisInfer.Inference;
using RedisInfer.LLamaSharp;

// By convention, registrations are in this namespace, so that a host's set-up code needs no using for them.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers LLamaSharp as engine.</summary>
public static class LLamaSharpBuilderExtensions
{
    /// <summary>
    /// Runs the models with LLamaSharp. The host references one of its backends, for example the package <c>LLamaSharp.Backend.Cpu</c>, and
    /// may choose between several with LLamaSharp's <c>NativeLibraryConfig</c> before the first use. llama.cpp's log goes to the host's loggers.
    /// </summary>
    /// <param name="builder">The builder of the runtime.</param>
    /// <returns>The same builder.</returns>
    public static IRedisInferBuilder UseLLamaSharp(this IRedisInferBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IInferenceEngine>(
            builder.Key, (provider, _) => LLamaSharpEngine.Create(provider.GetService<ILoggerFactory>()));
        return builder;
    }
}
