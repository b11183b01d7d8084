using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama;

namespace RedisInfer.LLamaSharp;

/// <summary>LLamaSharp as engine, for hosts that create a <see cref="RagRuntime"/> themselves.</summary>
public static class LLamaSharpEngine
{
    /// <summary>Creates the engine. LLamaSharp's libraries are opened at the first use.</summary>
    /// <param name="loggerFactory">Creates the logger for llama.cpp's log, under the category <c>RedisInfer.Llama</c>.</param>
    /// <returns>The engine, for <see cref="RagComponents.InferenceEngine"/>.</returns>
    public static IInferenceEngine Create(ILoggerFactory? loggerFactory = null) => new LlamaEngine(new LLamaSharpBinding(), loggerFactory);
}
