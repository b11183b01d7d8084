namespace RedisInfer;

/// <summary>How models are computed.</summary>
public sealed class EngineOptions
{
    /// <summary>
    /// Compute threads. 0: all CPUs but one, which leaves room for the host's own work (container limits count). On a machine that does
    /// nothing else, all CPUs are faster.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>
    /// Whether each compute thread is pinned to a CPU of its own. If other programs compute too, a step then takes as long as the shared
    /// CPU needs. Without pinning it can take many times that.
    /// </summary>
    public bool PinThreads { get; set; } = true;

    /// <summary>Layers of the model to keep on a GPU; 0: none.</summary>
    public int GpuLayers { get; set; }

    /// <summary>Number format of the KV cache.</summary>
    public KvType KvType { get; set; } = KvType.F16;

    /// <summary>
    /// Flash attention, if the model allows it. Leave it on. Off, a short question over cached passages starts about 25 % sooner for a
    /// single caller on a CPU; long prompts and concurrent callers get slower, memory use grows, and <see cref="KvType"/> must be
    /// <see cref="KvType.F16"/>. KV states saved with one setting are not found with the other.
    /// </summary>
    public bool FlashAttention { get; set; } = true;

    /// <summary>Folder of another build of the llama.cpp libraries with the same binary interface; <see langword="null"/>: the package's own.</summary>
    public string? NativeLibraryDirectory { get; set; }

    /// <summary>Whether a reasoning model may think before it answers.</summary>
    public bool EnableThinking { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (Threads < 0 || Threads > Environment.ProcessorCount)
        {
            yield return $"Threads is {Threads}: give 0 (all but one) to {Environment.ProcessorCount}, the CPUs of this process.";
        }

        if (GpuLayers < 0)
        {
            yield return $"GpuLayers is {GpuLayers}: give 0 or more.";
        }

        if (!Enum.IsDefined(KvType))
        {
            yield return $"KvType is {KvType}: give F16 or Q8_0.";
        }

        if (!FlashAttention && KvType != KvType.F16)
        {
            yield return $"KvType is {KvType} and FlashAttention is off: without flash attention llama.cpp supports F16 only.";
        }
    }
}
