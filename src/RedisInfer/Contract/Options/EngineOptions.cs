namespace RedisInfer;

/// <summary>How the models run.</summary>
public sealed class EngineOptions
{
    /// <summary>
    /// Compute threads, 0 to the number of CPUs of this process (container limits count). Default: 0, which means all CPUs but one. The
    /// free CPU serves the host's own work. On a machine that does nothing else, all CPUs are faster.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>
    /// Whether each compute thread is pinned to its own CPU. Default: <see langword="true"/>. If other programs compute at the same time, a
    /// step then takes as long as the shared CPU needs. Without pinning, it can take many times as long.
    /// </summary>
    public bool PinThreads { get; set; } = true;

    /// <summary>Layers of the model that are kept on a GPU. Default: 0.</summary>
    public int GpuLayers { get; set; }

    /// <summary>Number format of the KV cache. Default: <see cref="KvType.F16"/>.</summary>
    public KvType KvType { get; set; } = KvType.F16;

    /// <summary>
    /// Flash attention, if the model allows it. Default: <see langword="true"/>; leave it on. If it is off:
    /// <list type="bullet">
    /// <item>A single caller's short question over cached passages starts about 25 % sooner on a CPU.</item>
    /// <item>Long prompts and concurrent requests are slower, and memory use grows.</item>
    /// <item><see cref="KvType"/> must be <see cref="KvType.F16"/>.</item>
    /// <item>KV blocks that were stored with it on are not found, and vice versa.</item>
    /// </list>
    /// </summary>
    public bool FlashAttention { get; set; } = true;

    /// <summary>
    /// Folder of another llama.cpp build with the same binary interface. Default: <see langword="null"/>, the libraries of the package.
    /// </summary>
    public string? NativeLibraryDirectory { get; set; }

    /// <summary>Whether a reasoning model may think before it answers. Default: <see langword="false"/>.</summary>
    public bool EnableThinking { get; set; }

    /// <summary>
    /// Most tokens that a reasoning model may think; 0 or more. Then its thought is ended and it answers. Default: <see langword="null"/>, no
    /// limit but <see cref="RedisInferOptions.MaxOutputTokens"/>, which thoughts count as, too.
    /// </summary>
    public int? MaxReasoningTokens { get; set; }

    /// <summary>
    /// Most tokens that an answer proposes for one step, 0 to 31; 0: none. Default: 15. Answers over passages copy from them. So the tokens that
    /// followed the last few in prompt or answer before are computed along with them, and taken if the model chooses them. How many are worth
    /// it is measured. The text is what it would be without.
    /// </summary>
    public int DraftTokens { get; set; } = 15;

    internal IEnumerable<string> Validate()
    {
        if (DraftTokens is < 0 or > 31)
        {
            yield return $"DraftTokens is {DraftTokens}: set it to 0 to 31.";
        }

        if (MaxReasoningTokens < 0)
        {
            yield return $"MaxReasoningTokens is {MaxReasoningTokens}: set it to 0 or more, or to null for no limit.";
        }

        if (Threads < 0 || Threads > Environment.ProcessorCount)
        {
            yield return $"Threads is {Threads}: set it to 0 (all CPUs but one) to {Environment.ProcessorCount}, the CPUs of this process.";
        }

        if (GpuLayers < 0)
        {
            yield return $"GpuLayers is {GpuLayers}: set it to 0 or more.";
        }

        if (!Enum.IsDefined(KvType))
        {
            yield return $"KvType is {KvType}: set it to F16 or Q8_0.";
        }

        if (!FlashAttention && KvType != KvType.F16)
        {
            yield return $"KvType is {KvType} and FlashAttention is off: set KvType to F16, which llama.cpp then requires, "
                + "or set FlashAttention to true.";
        }
    }
}
