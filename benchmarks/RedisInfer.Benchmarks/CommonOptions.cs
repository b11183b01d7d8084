using System.CommandLine;

namespace RedisInfer.Benchmarks;

/// <summary>Options that several benchmarks share.</summary>
internal static class CommonOptions
{
    public static Option<bool> NoFlashAttention() => new("--no-flash-attention") { Description = "Compute attention without flash attention." };
}
