using System.Text.Json.Serialization;

namespace RedisInfer.Benchmarks.Check;

/// <summary>A headline figure of <c>benchmarks/figures.json</c>.</summary>
/// <param name="Name">The name that the command prints.</param>
/// <param name="Better">The direction in which it gets better.</param>
/// <param name="Bound">The last good value: a figure beyond it is worse.</param>
/// <param name="Value">The last recorded value.</param>
/// <param name="Noise">Spread between runs, relative to the median.</param>
/// <param name="Exact">Whether the figure must not vary between runs, so that a single miss counts.</param>
internal sealed record RecordedFigure(
    string Name,
    Better Better,
    double Bound,
    double Value,
    double Noise,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Exact = false);
