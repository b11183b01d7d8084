using RedisInfer.Llama;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Integration.Llama;

[assembly: AssemblyFixture(typeof(LlamaUnderTest))]

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>llama.cpp with the libraries of the package.</summary>
public sealed class LlamaUnderTest() : EngineUnderTest(new LlamaEngine());
