using RedisInfer.LLamaSharp;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.LLamaSharp;

[assembly: AssemblyFixture(typeof(LLamaSharpUnderTest))]

namespace RedisInfer.Tests.LLamaSharp;

/// <summary>LLamaSharp with its CPU backend.</summary>
public sealed class LLamaSharpUnderTest() : EngineUnderTest(LLamaSharpEngine.Create());
