using System.Globalization;

namespace RedisInfer.KvBlocks;

/// <summary>
/// Names the attention state of a run of tokens that follows other tokens: a keyed hash over model, settings, tenant, everything before
/// it and the tokens themselves. Equal keys, equal states.
/// </summary>
/// <param name="Value">128 bits.</param>
internal readonly record struct KvBlockKey(UInt128 Value)
{
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
