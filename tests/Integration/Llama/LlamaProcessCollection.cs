namespace RedisInfer.Tests.Integration.Llama;

/// <summary>Tests of state that llama.cpp has once per process. They run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LlamaProcessCollection
{
    public const string Name = "llama.cpp of this process";
}
