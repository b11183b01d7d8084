using System.Globalization;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>An input that must not have the verdict it has.</summary>
/// <param name="Kind">Name of its kind.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Number">Its number.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Detail">The error, or the last words of the process.</param>
internal sealed record Finding(string Kind, ulong Seed, long Number, Verdict Verdict, string Detail)
{
    /// <summary>One line, with the arguments that repeat the input.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Verdict.ToString().ToLowerInvariant()}: hostile --kind {Kind} --seed {Seed} --first {Number} --inputs 1   {Detail}");
}
