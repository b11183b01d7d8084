using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace RedisInfer.Benchmarks.Traces;

/// <summary>Draws spans as bars over time, as trace viewers do.</summary>
internal static class TracePicture
{
    private const int Width = 960, Left = 110, Right = 170, Row = 24, Bar = 14, Gap = 22;

    // The attributes that say most about a span.
    private static readonly string[] Shown =
    [
        "redisinfer.passages", "redisinfer.tokens.reused", "redisinfer.tokens.prefilled", "redisinfer.tokens.generated",
        "redisinfer.documents", "redisinfer.texts", "redisinfer.chunks",
    ];

    /// <summary>Draws.</summary>
    /// <param name="spans">Each top span, followed by those below it.</param>
    public static string Draw(IReadOnlyList<Activity> spans)
    {
        var rows = new StringBuilder();
        int y = 10;
        Activity top = spans[0];
        foreach (Activity span in spans)
        {
            if (span.ParentSpanId == default)
            {
                y += span == spans[0] ? 0 : Gap;
                top = span;
            }

            double scale = (Width - Left - Right) / top.Duration.TotalMilliseconds;
            double x = Left + (Math.Max(0, (span.StartTimeUtc - top.StartTimeUtc).TotalMilliseconds) * scale);
            double width = Math.Min(Math.Max(1.5, span.Duration.TotalMilliseconds * scale), Width - Right - x);
            bool isTop = span == top;
            rows.AppendLine(CultureInfo.InvariantCulture, $"""
                  <text x="{(isTop ? 8 : 24)}" y="{y + Bar - 2}" class="{(isTop ? "top" : "name")}">{span.OperationName}</text>
                  <rect x="{x:0.0}" y="{y}" width="{width:0.0}" height="{Bar}" rx="2" class="{(isTop ? "whole" : "part")}"><title>{Title(span)}</title></rect>
                  <text x="{x + width + 6:0.0}" y="{y + Bar - 2}" class="time">{Time(span.Duration)}{Detail(span)}</text>
                """);
            y += Row;
        }

        return string.Create(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{y}}" font-family="system-ui, sans-serif" font-size="12">
              <style>
                rect.back { fill: #ffffff } .top { font-weight: 600; fill: #1b1f24 } .name { fill: #1b1f24 } .time { fill: #57606a }
                .whole { fill: #9aa7b5 } .part { fill: #2f6fb0 }
              </style>
              <rect class="back" width="{{Width}}" height="{{y}}"/>
            {{rows}}</svg>

            """).ReplaceLineEndings("\n");
    }

    private static string Title(Activity span) => string.Join(", ", span.TagObjects.Select(tag => $"{tag.Key}={Text(tag.Value)}"))
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Text(object? value) => value is string[] texts ? string.Join(' ', texts) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Detail(Activity span) => string.Concat(Shown
        .Where(name => span.ParentSpanId != default && span.GetTagItem(name) is not null)
        .Select(name => $", {Text(span.GetTagItem(name))} {name[(name.LastIndexOf('.') + 1)..]}"));

    private static string Time(TimeSpan duration) => duration.TotalMilliseconds < 1
        ? FormattableString.Invariant($"{duration.TotalMicroseconds:0} µs")
        : FormattableString.Invariant($"{duration.TotalMilliseconds:0.0} ms");
}
