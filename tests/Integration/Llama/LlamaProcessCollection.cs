namespace RedisInfer.Tests.Integration.Llama;

/// <summary>Tests of what llama.cpp has one of per process: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LlamaProcessCollection
{
    public const string Name = "llama.cpp of this process";
}
