using System.Globalization;

namespace RedisInfer.KvBlocks;

/// <summary>
/// Names the KV state of a run of tokens that follows other tokens. It is a keyed hash over model, settings, tenant, everything before the
/// run, and the tokens of the run. Equal keys mean equal states.
/// </summary>
/// <param name="Value">128 bits.</param>
internal readonly record struct KvBlockKey(UInt128 Value)
{
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
